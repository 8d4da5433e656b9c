import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { Scope } from '../../../platform/auth/caller';
import { ApiPage, pageParameters, pageRowsUsual } from '../../../platform/http/page-parameters.http';
import { shortText } from '../../../platform/http/query-parameters';
import { CallerScope, QueryOf, ReadPosition, ValuesOf } from '../../../platform/http/read-route.http';
import { ContactIndex } from '../../contact-index.adapter';
import { CustomerRecordView, recordView } from '../overview/overview-view.http';
import { CustomerReadRoute } from '../read-route.http';
import { CustomersQuery } from './list.query';

const addressCharactersMax = 254;
const codeCharactersMax = 80;
const parameters = {
  email: shortText(addressCharactersMax),
  phone: shortText(addressCharactersMax),
  segment: shortText(codeCharactersMax),
  organisation: shortText(codeCharactersMax),
  ...pageParameters,
};
type Values = ValuesOf<typeof parameters>;

export class CustomersAnswer {
  @ApiProperty({ type: [CustomerRecordView] }) readonly items: readonly CustomerRecordView[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' }) readonly nextCursor:
    string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly customers: CustomersQuery,
    private readonly contacts: ContactIndex,
  ) {}

  /** Customers, of whom those who are merged stand under their survivor. */
  @CustomerReadRoute('', ['agent', 'lead', 'auditor', 'admin'])
  @ApiOperation({
    operationId: 'getCustomers',
    summary: 'Customers by id, or those who can be reached under an address.',
  })
  @ApiQuery({ name: 'email', required: false, description: 'who can be reached under it' })
  @ApiQuery({ name: 'phone', required: false, description: 'who can be reached under it, however it is written' })
  @ApiQuery({ name: 'segment', required: false })
  @ApiQuery({ name: 'organisation', required: false, description: 'id: the people of it' })
  @ApiPage()
  @ApiOkResponse({ type: CustomersAnswer })
  async list(
    @CallerScope() scope: Scope,
    @QueryOf(parameters) values: Values,
    @ReadPosition() position: string,
  ): Promise<CustomersAnswer> {
    const { segment, organisation, cursor = '', limit = pageRowsUsual } = values;
    const filter = { among: await this.reachable(values), segment, organisation };
    const { items, total, next } = await this.customers.page(scope, filter, cursor, limit);
    return { items: items.map((each) => recordView(scope, each)), total, nextCursor: next ?? null, position };
  }

  /** Whoever can be reached under all that is given. */
  private async reachable({ email, phone }: Values): Promise<readonly string[] | undefined> {
    const byEmail = email === undefined ? undefined : await this.contacts.find({ channel: 'email', address: email });
    const byPhone = phone === undefined ? undefined : await this.contacts.find({ channel: 'phone', address: phone });
    return byEmail && byPhone ? byEmail.filter((each) => byPhone.includes(each)) : (byEmail ?? byPhone);
  }
}
