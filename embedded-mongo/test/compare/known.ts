import {
  alike,
  byValue,
  type Difference,
  extendedJson,
  itself,
  letters,
  withoutEmpty,
  withoutLastNulls,
  withoutNulls,
} from './difference.ts'

/** A difference that is not ours to mend: its rule, why MongoDB answers as we do, and how it is recognised. */
type Known = [rule: string, why: string, explains: (difference: Difference) => boolean]

const sortsOddArrays = ({ command: { sort }, before }: Difference): boolean =>
  Object.keys(sort ?? {}).length > 1 && (/\[\]|\[\[|, \[/.test(String(before)) || /\.\d/.test(extendedJson(sort)))

/** What the facts' list says of the reference engine (R1 is not sent: see compare.ts). */
const facts: Known[] = [
  [
    'R2',
    'it orders empty and nested arrays, and an array reached by a number, otherwise',
    (d) =>
      'find' in d.command && d.answered && sortsOddArrays(d) && (d.command.skip || d.command.limit || alike(d, itself)),
  ],
  [
    'R3',
    'its $in, $nin and $lookup do not find 1.5X for 1.5',
    (d) =>
      d.answered &&
      /\d\.\d|Infinity/.test(`${d.sent} ${d.before}`) &&
      (/\$lookup/.test(d.pipeline) ||
        (/"(filter|query|q|\$match)".*\$n?in"/.test(d.sent) &&
          (d.ours.answer.length !== d.theirs.answer.length || 'count' in d.command))),
  ],
  ['R4', 'its $inc and $mul accept a boolean', (d) => /\$(inc|mul)/.test(d.sent) && d.ours.code === 14 && d.onlyWe],
  [
    'R5',
    'its $pop, $pull, $pullAll and $rename on a missing path create empty parents',
    (d) =>
      /\$(pop|pull|pullAll|rename)"/.test(d.sent) &&
      d.answered &&
      /\{\}/.test(String(d.theirs.after)) &&
      withoutEmpty(String(d.ours.after)) === withoutEmpty(String(d.theirs.after)),
  ],
  [
    'R5',
    'its $pop, $pull and $pullAll of a place behind the end of an array fill it with nulls',
    (d) =>
      /\$(pop|pull|pullAll)"/.test(d.sent) &&
      d.answered &&
      String(d.ours.after) !== String(d.theirs.after) &&
      withoutLastNulls(String(d.ours.after)) === withoutLastNulls(String(d.theirs.after)),
  ],
  [
    'R5',
    'its $rename from a place that cannot be does nothing',
    (d) => /\$rename/.test(d.sent) && [2, 28].includes(d.ours.code ?? 0) && d.onlyWe,
  ],
  [
    'R6',
    'its `$`, `$[]` and `$[e]` without an array to work on do nothing',
    (d) => d.ours.code === 2 && d.onlyWe && /\$"|\$\.|\$\[/.test(d.sent),
  ],
  [
    'R7',
    'its $unset on an impossible path fails',
    (d) => /\$unset/.test(d.sent) && d.onlyThey && [2, 28].includes(d.theirs.code ?? 0),
  ],
  [
    'R8',
    'its $push and $addToSet of nothing create no array; what changes nothing counts as a change, in findAndModify as not found',
    ({ answered, sent, ours, theirs }) =>
      answered &&
      ours.after !== undefined &&
      (/"\$each":\[\]|"\$slice":\{"\$numberInt":"0"/.test(sent) ||
        (String(ours.after) === String(theirs.after) && ours.answer[0] === theirs.answer[0])),
  ],
  [
    'R9',
    'there conflicts with $setOnInsert pass, and array filters used in it count as unused',
    (d) => /\$setOnInsert/.test(d.sent) && ((d.ours.code === 40 && d.onlyWe) || (d.theirs.code === 9 && d.onlyThey)),
  ],
  ['R10', 'new fields keep the order written there', (d) => d.answered && alike(d, letters)],
]

/** Differences that the facts' list does not have. "server" is MongoDB's public source. */
const others: Known[] = [
  [
    'looks at the whole command only when a document is there',
    'facts: errors come even when the collection is empty or nothing matches',
    (d) =>
      d.onlyWe &&
      (/^$|^(null|n: 0|0|\{n: 0\})/.test(d.theirs.answer[0] ?? '') ||
        /mod,|divisor|\$size|RegEx/.test(d.ours.message ?? '')),
  ],
  [
    'takes a limit below 0 in find',
    'server: find_command.idl, limit: gte 0',
    (d) => d.onlyWe && d.ours.code === 51024 && 'find' in d.command,
  ],
  [
    'refuses an operand behind a null, or one that is not needed',
    'server: expression.cpp stops at the first null; $cond, $and, $or, $ifNull and $switch evaluate what they need',
    (d) =>
      d.onlyThey &&
      [8, 14, 241].includes(d.theirs.code ?? 0) &&
      /\$(expr|project|set|addFields|replace|group)|"fields"|"projection"|"u":\[/.test(d.sent),
  ],
  [
    '$group leaves out a missing _id or accumulator, keeps null and missing apart, gives null to missing fields of an _id',
    'server: document_source_group.cpp: null, null together with missing, and left out',
    (d) =>
      d.pipeline.includes('$group') &&
      d.answered &&
      (alike(d, withoutNulls) ||
        d.theirs.answer.some((each) => !each.startsWith('{_id: ')) ||
        /_id: \{[^}]*(x|a): null/.test(String(d.theirs.answer))),
  ],
  [
    '$addToSet takes null for a missing value',
    'manual: $addToSet; server: accumulator_add_to_set.cpp',
    (d) => /\$addToSet/.test(d.pipeline) && d.answered && /\bnull\b/.test(String(d.theirs.answer)),
  ],
  [
    '$avg of Decimal128s is a Double, $sum counts a constant that is no whole number as 1',
    'manual: $avg, $sum',
    (d) =>
      /\$(avg|sum)/.test(d.pipeline) && d.answered && (alike(d, byValue) || /"\$sum":\{"\$number/.test(d.pipeline)),
  ],
  [
    '$count of nothing is {n: 0}',
    'manual: $count, no document then',
    (d) => d.pipeline.includes('$count') && String(d.theirs.answer) === '{n: 0}',
  ],
  [
    '$lookup by an empty array in an array finds nothing, and by a path with two numbers too much',
    'server: document_path_support.cpp, no value is null; find by the same path finds what we find',
    (d) => /"localField":"\w+\.\d"|"foreignField":"\w+\.\d\.\d"/.test(d.pipeline) && d.answered,
  ],
  [
    'stages of $unset or exclusion are put together with those behind them',
    'manual: the stages pass on what they made',
    (d) =>
      /"\$unset"|:\{"\$numberInt":"0"\}/.test(d.pipeline) &&
      /\$(set|addFields)"/.test(d.pipeline) &&
      (d.answered || d.theirs.code === 8),
  ],
  [
    'a number in the path of distinct is a name only',
    'server: dotted_path_support.cpp takes it for a place',
    (d) => /\d/.test(d.command.key ?? '') && d.answered,
  ],
  [
    'tells the truth of a number in $expr by 32 whole bits',
    'manual: Boolean of the aggregation language, every number but 0 is true',
    (d) => /\$expr/.test(d.sent) && (/to integer|target type limit/.test(d.theirs.message ?? '') || d.answered),
  ],
  [
    'missing is not above MinKey nor below MaxKey',
    'server: expression_leaf.cpp',
    (d) => /\$(gte?|lte?)":\[?\{"\$m(in|ax)Key/.test(d.sent) && d.answered,
  ],
  [
    'missing is MinKey in an expression',
    'server: bsontypes.h, canonicalizeBSONType: EOO is 0, MinKey -1',
    (d) => /"\$(eq|ne|cmp|gte?|lte?)":\[/.test(d.sent) && /MinKey/i.test(`${d.sent} ${d.before}`) && d.answered,
  ],
  [
    '`$all: []` finds what has no such field, and is a filter for any array element',
    'manual: $all of an empty array matches no documents',
    (d) => /"\$all":\[\]/.test(d.sent),
  ],
  [
    '`$` of a projection is refused without an array on the path, and else without a place gives the field or its first element',
    'manual: $ (projection), error 51246; server: projection_executor_utils.cpp',
    (d) =>
      d.ours.code === 51246 || d.theirs.code === 8 ? /\.\$"/.test(d.sent) : d.answered && /"\w+\.\w+\.\$"/.test(d.sent),
  ],
  [
    'paths that meet in a projection are not looked for',
    'server: projection_parser.cpp, 31249 and 31250',
    (d) => [31249, 31250].includes(d.ours.code ?? 0) && d.onlyWe,
  ],
  [
    '{$slice: …, _id: 1} excludes',
    'server: projection_parser.cpp, computeProjectionType',
    (d) =>
      /\$slice.*"_id":(1|\{"\$numberInt":"1")/.test(extendedJson(d.command.projection ?? d.command.fields ?? '')) &&
      d.answered,
  ],
  [
    '$mul of nothing gives 0, whatever the factor',
    'server: arithmetic_node.cpp multiplies 0 by it (0 * NaN is NaN, 0 * 0.1X is 0.0X, 0 * -0.0 is -0.0)',
    (d) => /\$mul/.test(d.sent) && d.answered && /NaN|0\.0X|-0/.test(String(d.ours.after)),
  ],
  [
    'a zero Double has 15 decimal digits',
    'server: decimal128.cpp does not quantize a zero',
    (d) =>
      d.answered &&
      byValue(String([d.ours.after ?? d.ours.answer])) === byValue(String([d.theirs.after ?? d.theirs.answer])) &&
      /\$(inc|mul|add|subtract|multiply|sum)/.test(d.sent),
  ],
  [
    '`$pull: {…: {}}` takes every element',
    'server: pull_node.cpp, an object matches documents',
    (d) => /\$pull":\{"[\w.$[\]]+":\{\}/.test(d.sent) && d.answered,
  ],
  [
    'a place given by `$` is in conflict with any other place of that array, but not with an array filter there',
    'server: update_object_node.cpp keeps `$` apart until the place is known',
    (d) => /\.\$[."]/.test(d.sent) && ((d.theirs.code === 40 && d.onlyThey) || (d.ours.code === 40 && d.onlyWe)),
  ],
  [
    'a place given by `$` in a field that is not there is refused',
    'manual: $ (update), the place is that of the first match of the filter',
    (d) => d.onlyThey && /\.\$[."]/.test(d.sent) && /does not exist within the document/.test(d.theirs.message ?? ''),
  ],
  [
    '$addToSet keeps Infinity and the Decimal128 of it apart',
    'manual: $addToSet; Comparison, numbers compare by value',
    (d) => d.answered && /\$addToSet/.test(d.sent) && /InfinityX/.test(String(d.theirs.after)),
  ],
  [
    'cannot read an array filter with a Decimal128, of an upsert or of $setOnInsert, nor $expr beside a `$`',
    'manual: arrayFilters, $expr',
    (d) =>
      d.theirs.code === 115 ||
      (d.onlyThey && /^(Expected Numeric, document or|\$expr can only be applied)/.test(d.theirs.message ?? '')),
  ],
  [
    'passes over arrayFilters of a replacement, and takes a path in a scalar not for missing, but in an empty array',
    'server: parsed_update.cpp; matcher/path.cpp',
    (d) => /"arrayFilters"/.test(d.sent) && ((d.ours.code === 9 && d.onlyWe) || (d.answered && /"e.x"/.test(d.sent))),
  ],
  ['an upsert may have $expr in its filter', 'server: parsed_update.cpp, 224', (d) => d.ours.code === 224],
  [
    'an upsert takes patterns of $in and $all, and `$elemMatch` of $all, for values',
    'server: jstests/core/upsert_fields.js, no regex field extraction from query unless $eq',
    (d) => /"upsert":true/.test(d.sent) && /\$(in|all)"/.test(d.sent) && /\$regularExpression|\$elemMatch/.test(d.sent),
  ],
]

/** Where MongoDB itself says nothing. */
const unspecified: Known[] = [
  [
    'R2: which document is the first',
    'findAndModify by such an order',
    (d) => 'findAndModify' in d.command && sortsOddArrays(d),
  ],
  [
    'which of two errors comes first',
    'the manual does not say',
    (d) => d.ours.code !== undefined && d.theirs.code !== undefined,
  ],
  [
    'an error in an expression whose value nobody needs',
    'it may be optimized away',
    (d) => d.onlyWe && (/\$count|\$group|"u":\[/.test(d.sent) || d.ours.code === 40081),
  ],
  [
    'which is the first or the last of a group behind $unwind or $project',
    'the reference does not keep the order there',
    (d) => /\$(unwind|project)".*\$(last|first)"/.test(d.pipeline) && d.answered,
  ],
  [
    'which of equal values is the least or the greatest',
    'we keep the first',
    (d) => /\$(min|max)/.test(d.pipeline) && d.answered && alike(d, byValue),
  ],
]

export const known: Known[] = [
  ...facts,
  ...others.map(([rule, ...rest]): Known => [`the reference: ${rule}`, ...rest]),
  ...unspecified.map(([rule, ...rest]): Known => [`unspecified: ${rule}`, ...rest]),
]
