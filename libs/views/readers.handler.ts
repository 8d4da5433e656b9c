import { Injectable } from '@nestjs/common';
import { Caller } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Directory } from '../teams/directory.adapter';
import { rosterAt } from '../teams/roster';
import { Reader } from './view';

/** Who somebody is among the views: which team they are in now, as the log has it. */
@Injectable()
export class ViewReaders {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
  ) {}

  async of({ id, role }: Caller): Promise<Reader> {
    const staff = await this.directory.staff(id);
    const team = staff.status === 'active' ? rosterAt(staff.working, this.engine.now().getTime()).team : null;
    return { id, role, team };
  }
}
