import { scanAsThread } from '../../libs/eventing/projections/scan-threads.adapter';
import { thingProjection, thingTypes } from './thing';

/** A thread that scans for a rebuild of things, of which it is given the poison. */
void scanAsThread<number | undefined>((poison) => ({ types: thingTypes(), projections: [thingProjection(poison)] }));
