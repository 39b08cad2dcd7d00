// Lints of the book's scripts; types are checked by tsc (tsconfig.json).
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["src/files"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always"],
      curly: ["error", "multi-line"],
      "no-shadow": "error",
      "no-implicit-globals": "error",
      "no-param-reassign": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true, allowTernary: true }],
      "no-use-before-define": ["error", { functions: false, classes: false }],
      "no-alert": "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-promise-executor-return": "error",
      "object-shorthand": "error",
      "prefer-template": "error",
      "default-case-last": "error",
    },
  },
  { files: ["player/*.js"], languageOptions: { sourceType: "script", globals: globals.browser } },
  { files: ["tests/*.mjs", "eslint.config.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
