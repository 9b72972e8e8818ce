/** Keywords of DBC as Vector documents them, and the few of its older tools. */
const keywords = [
  "BA_",
  "BA_DEF_",
  "BA_DEF_DEF_",
  "BA_DEF_DEF_REL_",
  "BA_DEF_REL_",
  "BA_DEF_SGTYPE_",
  "BA_REL_",
  "BA_SGTYPE_",
  "BO_",
  "BO_TX_BU_",
  "BS_",
  "BU_",
  "BU_BO_REL_",
  "BU_EV_REL_",
  "BU_SG_REL_",
  "CAT_",
  "CAT_DEF_",
  "CM_",
  "ENVVAR_DATA_",
  "EV_",
  "EV_DATA_",
  "FILTER",
  "NS_",
  "NS_DESC_",
  "SG_",
  "SGTYPE_",
  "SGTYPE_VAL_",
  "SG_MUL_VAL_",
  "SIGTYPE_VALTYPE_",
  "SIG_GROUP_",
  "SIG_TYPE_REF_",
  "SIG_VALTYPE_",
  "VAL_",
  "VAL_TABLE_",
  "VERSION",
];

/** A known keyword at this place. */
export const keyword = new RegExp(`(?:${keywords.join("|")})(?!\\w)`, "y");

/** What could be the keyword of an extension: such a statement is skipped. */
export const unknownKeyword = /[A-Z][A-Z0-9_]*_(?!\w)/y;
