import tseslint from 'typescript-eslint';

const lastBitDiffers = [
  'random exp expm1 log log1p log2 log10 pow tanh sinh cosh sin cos tan asin acos atan atan2 asinh acosh atanh cbrt hypot',
].flatMap((names) => names.split(' '));

/** Results must be the same bits on every engine, so whatever differs between engines or runs is an error. */
const deterministic = {
  'no-restricted-properties': [
    'error',
    ...lastBitDiffers.map((property) => ({
      object: 'Math',
      property,
      message: `Math.${property} gives other bits on other engines: use src/kernels/math.ts or src/random.`,
    })),
    { object: 'globalThis', property: 'Math', message: 'Write Math, so that its functions can be checked.' },
    {
      property: 'localeCompare',
      message: 'A result must not depend on the language of the machine: compare by <.',
    },
    { object: 'Date', property: 'now', message: 'A result must not depend on the time.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "BinaryExpression[operator='**']",
      message: '** gives other bits on other engines: use power().',
    },
    { selector: "AssignmentExpression[operator='**=']", message: '**= gives other bits on other engines.' },
    { selector: "CallExpression[callee.name='Date']", message: 'A result must not depend on the time.' },
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'A result must not depend on the time.',
    },
    { selector: 'ForInStatement', message: 'for…in has no order to rely on: use Object.keys(…).' },
    { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  ],
};

export default tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      '**/*.generated.ts',
      'src/kernels/assembly',
      '.gradbook',
      'test/notebooks',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...deterministic,
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['eslint.config.js'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
    },
  },
);
