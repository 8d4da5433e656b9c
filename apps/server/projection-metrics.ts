import { Reach } from '../../libs/eventing/projections/quarantine.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { Gauges, showGauges } from '../../libs/platform/health/gauges';
import { idle, Keeper, KeeperState } from './keeper';

const millisecondsPerSecond = 1_000;

const gauges: Gauges<Reach & KeeperState> = {
  casefold_projection_quarantined: {
    help: 'Cases that stand still in a read model, because of an event that it could not take in',
    of: ({ standing }) => standing,
  },
  casefold_process_held: {
    help: 'Streams that a process has left behind, because of an event that it cannot react to',
    of: ({ held }) => held,
  },
  casefold_projection_as_of_timestamp_seconds: {
    help: 'Everything that was recorded until then is in the read models',
    of: ({ asOf }) => (asOf?.getTime() ?? 0) / millisecondsPerSecond,
  },
  casefold_projection_leads: {
    help: '1 when the worker of this process leads',
    of: ({ leads }) => (leads ? 1 : 0),
  },
  casefold_projection_fenced: {
    help: 'Commits of the worker of this process that were refused because another had taken the lead',
    of: ({ fenced }) => fenced,
  },
};

export const measureProjections = ({ positions }: Engine, keeper: Keeper | undefined): void =>
  showGauges(gauges, async () => ({ ...(await positions.reach()), ...(keeper?.state ?? idle) }));
