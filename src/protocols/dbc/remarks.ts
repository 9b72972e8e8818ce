import { keyword } from "./keywords.ts";
import { dbcId, type Statement } from "./statements.ts";

const MAX_CYCLE_TIME = 86_400_000;
const QUOTE = /"/y;

const comment: Statement = (cursor, draft) => {
  const place = cursor.offset;
  if (cursor.accept("SG_")) {
    const signals = draft.signals(place, dbcId(cursor), cursor.word("a signal name"));
    const text = cursor.quoted("a comment");
    for (const signal of signals) signal.comment = text;
  } else if (cursor.accept("BO_")) {
    const message = draft.message(place, dbcId(cursor));
    const text = cursor.quoted("a comment");
    if (message !== undefined) message.comment = text;
  } else {
    // Of a node, an environment variable or the network: not kept.
    while (!cursor.peek(QUOTE)) cursor.word("a comment");
    cursor.quoted("a comment");
  }
  cursor.accept(";");
};

const attribute: Statement = (cursor, draft) => {
  const place = cursor.offset;
  const name = cursor.quoted("the name of an attribute");
  if (name === "GenMsgCycleTime" && cursor.accept("BO_")) {
    const message = draft.message(place, dbcId(cursor));
    const time = cursor.count("a cycle time", MAX_CYCLE_TIME);
    if (message !== undefined) message.cycleTime = time;
  } else if (name === "SystemMessageLongSymbol" && cursor.accept("BO_")) {
    const message = draft.message(place, dbcId(cursor));
    const longName = cursor.quoted("a name");
    if (message !== undefined) message.longName = longName;
  } else if (name === "SystemSignalLongSymbol" && cursor.accept("SG_")) {
    const signals = draft.signals(place, dbcId(cursor), cursor.word("a signal name"));
    const longName = cursor.quoted("a name");
    for (const signal of signals) signal.longName = longName;
  } else {
    return cursor.skipStatement(keyword);
  }
  cursor.accept(";");
};

const attributeDefault: Statement = (cursor, draft) => {
  if (cursor.quoted("the name of an attribute") !== "GenMsgCycleTime") return cursor.skipStatement(keyword);
  draft.defaultCycleTime = cursor.count("a cycle time", MAX_CYCLE_TIME);
  cursor.accept(";");
};

/** What only describes: a mistake here is a warning. */
export const remarks: ReadonlyMap<string, Statement> = new Map([
  ["CM_", comment],
  ["BA_", attribute],
  ["BA_DEF_DEF_", attributeDefault],
]);
