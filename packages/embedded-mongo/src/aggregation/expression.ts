import { ownField } from '../bson/path';
import { type BsonDocument, isDocument, leadingOperator, type MaybeValue, setField } from '../bson/values';
import { badValue, MongoError } from '../errors';
import { CONDITIONALS } from './conditionals';
import { OWN_OPERATORS } from './expression-operators';
import { evaluateByMingo, isKnownOperator } from './mingo';
import { promoted, promotedOnce } from './promote';

/** What `$$name` stands for, by name without the dollar signs. */
export type Variables = Readonly<Record<string, MaybeValue>>;

/** Evaluates an expression for a document; undefined when it yields no value. */
export type Evaluate = (document: BsonDocument, variables?: Variables) => MaybeValue;

/**
 * Compiles an aggregation expression. Paths, literals, conditions and arithmetic keep the types of what
 * they find; the operators of mingo calculate with plain numbers.
 * @throws MongoError InvalidPipelineOperator for an operator that does not exist.
 */
export function compileExpression(expression: MaybeValue): Evaluate {
  if (typeof expression === 'string' && expression.startsWith('$')) return compileReference(expression);
  if (Array.isArray(expression)) {
    const elements = expression.map(compileExpression);
    return (document, variables) => elements.map((evaluate) => evaluate(document, variables) ?? null);
  }
  if (!isDocument(expression)) return () => expression;
  const operator = leadingOperator(expression);
  if (operator === undefined) return compileDocument(expression);
  if (Object.keys(expression).length !== 1) {
    throw new MongoError(15983, 'Location15983', 'an expression specification must contain exactly one field');
  }
  if (operator === '$literal') return () => expression.$literal;
  checkOperators(expression);
  const native = compileNative(operator, expression[operator]);
  if (native) return native;
  const plain = promoted(expression);
  return (document, variables = {}) => evaluateByMingo(plain, promotedOnce(document), variables);
}

/** Operators that are evaluated here, as opposed to those of mingo. */
function compileNative(operator: string, argument: MaybeValue): Evaluate | undefined {
  const conditional = CONDITIONALS.get(operator);
  if (conditional) return conditional(argument, compileExpression);
  const own = Object.hasOwn(OWN_OPERATORS, operator) ? OWN_OPERATORS[operator as `$${string}`] : undefined;
  if (!own) return undefined;
  const operands = (Array.isArray(argument) ? argument : [argument]).map(compileExpression);
  return (document, variables) => own(operands.map((evaluate) => evaluate(document, variables)));
}

function compileDocument(expression: BsonDocument): Evaluate {
  const fields = Object.entries(expression).map(([field, value]) => [field, compileExpression(value)] as const);
  return (document, variables) => {
    const result: BsonDocument = {};
    for (const [field, evaluate] of fields) {
      const value = evaluate(document, variables);
      if (value !== undefined) setField(result, field, value);
    }
    return result;
  };
}

function compileReference(reference: string): Evaluate {
  if (!reference.startsWith('$$')) {
    const parts = reference.slice(1).split('.');
    if (parts.includes('')) throw badValue(`'${reference}' is not a valid field path`);
    return (document) => fieldAt(document, parts);
  }
  const [name = '', ...parts] = reference.slice(2).split('.');
  if (name === 'REMOVE') return () => undefined;
  if (name === 'NOW') return () => new Date();
  if (name === 'ROOT' || name === 'CURRENT') return (document) => fieldAt(document, parts);
  return (_document, variables = {}) => {
    if (!Object.hasOwn(variables, name))
      throw new MongoError(17276, 'Location17276', `Use of undefined variable: ${name}`);
    return fieldAt(variables[name], parts);
  };
}

/** A path of an expression leads through all elements of an array, and numbers in it name fields only. */
function fieldAt(value: MaybeValue, parts: readonly string[]): MaybeValue {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((element) => fieldAt(element, parts)).filter((found) => found !== undefined);
  }
  return isDocument(value) ? fieldAt(ownField(value, part), rest) : undefined;
}

function checkOperators(expression: MaybeValue): void {
  if (Array.isArray(expression)) expression.forEach(checkOperators);
  if (!isDocument(expression)) return;
  for (const [field, value] of Object.entries(expression)) {
    if (field === '$literal') continue;
    if (field.startsWith('$') && !isKnownOperator(field)) {
      throw new MongoError(168, 'InvalidPipelineOperator', `Unrecognized expression '${field}'`);
    }
    checkOperators(value);
  }
}
