import { Pinning } from './pinning';
import { DispatchToSingle, RoundRobin } from './round-robin';
import type { StrategyName } from './settings';
import type { Strategy } from './strategy';

export const strategyNamed = (name: StrategyName): Strategy => {
  switch (name) {
    case 'RoundRobin':
      return new RoundRobin();
    case 'DispatchToSingle':
      return new DispatchToSingle();
    case 'Pinned':
    case 'PinnedByCorrelation':
      return new Pinning();
  }
};
