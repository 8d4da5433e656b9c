import { Command, InvalidArgumentError, Option } from 'commander';
import { v4 as uuidv4 } from 'uuid';
import { customerEvolution, registerCustomer } from '../../../libs/customers/customer';
import { customerCategory } from '../../../libs/customers/events';
import { CommandContext } from '../../../libs/eventing/command-runner';
import { commandIdOf } from '../../../libs/eventing/envelope';
import { Caller, Role, roles } from '../../../libs/platform/auth/caller';
import { signToken } from '../../../libs/platform/auth/token';
import { idOfHandle, isId } from '../../../libs/teams/handles';
import { seedDirectory } from '../../seed';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { Session, withSession } from '../session';

interface TokenOptions {
  readonly role: Role;
  readonly as: string;
  readonly hours: number;
  readonly json?: boolean;
}

const hoursMax = 24;
const teamOfAgents = 'support';

const hours = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > hoursMax)
    throw new InvalidArgumentError(`a whole number from 1 to ${hoursMax}`);
  return value;
};

export const declareToken = (program: Command, invocation: Invocation): void => {
  program
    .command('token')
    .description('issue a bearer token (embedded mode); a handle that is not known yet is registered')
    .addOption(new Option('--role <role>', 'what the bearer may do').choices(roles).makeOptionMandatory())
    .requiredOption('--as <handle>', 'who the bearer is: a handle or an id')
    .option('--hours <n>', 'how long it is valid', hours, 12)
    .option('--json', 'print the token with its caller as JSON')
    .action(async ({ role, as, hours: valid, json }: TokenOptions) => {
      const { token, caller } = await withSession(invocation, 'token', (session) => issue(session, role, as, valid));
      if (json) printJson(invocation, { token, caller });
      else printLine(invocation, token);
    });
};

const issue = async (
  session: Session,
  role: Role,
  as: string,
  valid: number,
): Promise<{ token: string; caller: Caller }> => {
  const id = role === 'customer' ? await customer(session, as) : await member(session, role, as);
  const caller: Caller = { id, role, handle: isId(as) ? undefined : as };
  const { tokenSigningKey: key, installation: name } = session.secrets;
  const token = await signToken(caller, { key, installation: name, now: () => Date.now() }, valid * 3600);
  return { token, caller };
};

const contextOfRegistration = (target: string): CommandContext => {
  const commandId = commandIdOf('system', target, uuidv4());
  return {
    ...{ actor: 'system', commandId, fresh: true, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: new Date().toISOString(), origin: 'live' },
  };
};

const member = async ({ directory }: Session, role: Role, as: string): Promise<string> => {
  await seedDirectory(directory, new Date());
  const known = await directory.staff(as);
  if (known.status === 'retired') throw new Failed('refused', `${known.handle} works here no more`);
  if (known.status === 'active') return known.id;
  if (isId(as)) throw new Failed('refused', 'nobody is known under this id');
  return directory.registerStaff(as, as, role === 'agent' ? teamOfAgents : null, contextOfRegistration(`staff-${as}`));
};

const customer = async ({ engine }: Session, as: string): Promise<string> => {
  const id = isId(as) ? as : idOfHandle(engine.installation, customerCategory, as);
  // Somebody who came with a request has a key from that moment on, and a stream of their own soon after.
  if ((await engine.keys.find('person_key', [id])).get(id) instanceof Buffer) return id;
  if (isId(as)) throw new Failed('refused', 'no customer is known under this id');
  await engine.runner.execute({
    evolution: customerEvolution(id),
    key: id,
    expects: 'any',
    body: { name: as },
    context: contextOfRegistration(`customer-${id}`),
    decide: (state) => registerCustomer({ kind: 'person', name: as, request: null }, state),
  });
  return id;
};
