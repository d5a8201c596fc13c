import { expect } from 'chai';

type Kind = 'string' | 'number' | 'boolean' | 'object' | 'strings' | 'array';
type Schema = Readonly<Record<string, Kind>>;

const header: Schema = {
  msg_id: 'string',
  msg_type: 'string',
  session: 'string',
  username: 'string',
  date: 'string',
  version: 'string',
};
const error: Schema = { ename: 'string', evalue: 'string', traceback: 'strings' };
const bundle: Schema = { data: 'object', metadata: 'object' };

/** The contents that the protocol demands, by type; those of replies when they are ok. */
const contents: Readonly<Record<string, Schema>> = {
  status: { execution_state: 'string' },
  execute_input: { code: 'string', execution_count: 'number' },
  stream: { name: 'string', text: 'string' },
  execute_result: { ...bundle, execution_count: 'number' },
  display_data: { ...bundle, transient: 'object' },
  update_display_data: { ...bundle, transient: 'object' },
  clear_output: { wait: 'boolean' },
  comm_close: { comm_id: 'string', data: 'object' },
  error,
  execute_reply: { execution_count: 'number', payload: 'array', user_expressions: 'object' },
  inspect_reply: { found: 'boolean', ...bundle },
  complete_reply: { matches: 'strings', cursor_start: 'number', cursor_end: 'number', metadata: 'object' },
  history_reply: { history: 'array' },
  is_complete_reply: {},
  comm_info_reply: { comms: 'object' },
  connect_reply: {
    shell_port: 'number',
    iopub_port: 'number',
    stdin_port: 'number',
    control_port: 'number',
    hb_port: 'number',
  },
  kernel_info_reply: {
    protocol_version: 'string',
    implementation: 'string',
    implementation_version: 'string',
    language_info: 'object',
    banner: 'string',
    help_links: 'array',
  },
  interrupt_reply: {},
  shutdown_reply: { restart: 'boolean' },
};

interface Message {
  readonly header: { readonly msg_type: string };
  readonly content: Readonly<Record<string, unknown>>;
}

/** Fails unless the message is as the protocol says. */
export function expectValid(message: Message): void {
  const type = message.header.msg_type;
  expectFields('header', message.header, header);
  const content = contents[type];
  if (!content) throw new Error(`the protocol has no message of type ${JSON.stringify(type)} from a kernel`);
  if (!type.endsWith('_reply')) expectFields(type, message.content, content);
  else expectReply(type, message.content, content);
}

function expectReply(type: string, content: Message['content'], schema: Schema): void {
  expectFields(type, content, { status: 'string' });
  if (type === 'is_complete_reply') {
    expect(content.status).to.be.oneOf(['complete', 'incomplete', 'invalid', 'unknown']);
    if (content.status === 'incomplete') expectFields(type, content, { indent: 'string' });
    return;
  }
  expect(content.status, type).to.be.oneOf(['ok', 'error', 'aborted']);
  if (content.status === 'ok') expectFields(type, content, schema);
  if (content.status === 'error') expectFields(type, content, error);
}

function expectFields(what: string, object: object, schema: Schema): void {
  for (const [name, kind] of Object.entries(schema)) {
    expect(
      isOfKind((object as Record<string, unknown>)[name], kind),
      `${what}.${name} is a ${kind}`,
    ).to.equal(true);
  }
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'strings') return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (kind === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === kind;
}
