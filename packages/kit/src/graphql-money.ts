import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { DomainError } from './errors';
import { decimalOf, isCurrency, type Money, parseMoney } from './money';
import { GraphQLCurrencyCode, GraphQLDecimal, GraphQLLong } from './scalars';
import { IsCurrencyCode } from './validation';

/** An amount as clients see it. */
@Directive('@shareable')
@ObjectType('Money', { description: 'An amount of money.' })
export class GraphMoney {
  @Field(() => GraphQLDecimal, { description: 'The amount with all decimal places of its currency.' })
  amount!: string;

  @Field(() => GraphQLCurrencyCode, { description: 'The currency.' })
  currencyCode!: string;

  @Field(() => GraphQLLong, { description: 'The amount in minor units of the currency, such as cents.' })
  minorUnits!: number;
}

/** An amount as clients give it; `readMoneyInput` makes money of it. */
@InputType({ description: 'An amount of money.' })
export class MoneyInput {
  @Field(() => GraphQLDecimal, { description: 'The amount, with no more decimal places than its currency has.' })
  amount!: string;

  @Field(() => GraphQLCurrencyCode, { description: 'The currency.' })
  @IsCurrencyCode()
  currencyCode!: string;
}

/** Shows an amount to clients. */
export function toGraphMoney(amount: Money): GraphMoney {
  return { amount: decimalOf(amount), currencyCode: amount.currencyCode, minorUnits: amount.minorUnits };
}

/**
 * Reads what a client gave at `path`.
 * @throws DomainError BAD_USER_INPUT naming the field: an unknown currency, or more decimals than it has.
 */
export function readMoneyInput({ amount, currencyCode }: MoneyInput, path: readonly string[]): Money {
  const parsed = parseMoney(amount, currencyCode);
  if (parsed) return parsed;
  const [field, message] = isCurrency(currencyCode)
    ? (['amount', `${amount} is not an amount of ${currencyCode}`] as const)
    : (['currencyCode', `${currencyCode} is not a currency`] as const);
  throw new DomainError('BAD_USER_INPUT', { fields: [{ path: [...path, field], message }] });
}
