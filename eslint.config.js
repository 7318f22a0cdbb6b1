// @ts-check
import js from '@eslint/js';
import globals from 'globals';

const USB_MESSAGE = 'Only wasm-glue/webusb-transport.js may name navigator.usb.';
const HTML_MESSAGE = 'Build nodes and set textContent: device and file strings are no markup.';

/** Syntax that house style forbids everywhere. */
const FORBIDDEN_SYNTAX = [
    { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
    { selector: 'ForInStatement', message: 'Use for…of on Object.keys().' },
];

/** Ways to get at WebUSB. */
const USB_SYNTAX = [
    { selector: "MemberExpression[object.name='navigator'][property.name='usb']", message: USB_MESSAGE },
    { selector: "MemberExpression[object.property.name='navigator'][property.name='usb']", message: USB_MESSAGE },
    { selector: "BinaryExpression[operator='in'][left.value='usb']", message: USB_MESSAGE },
    { selector: "VariableDeclarator[init.name='navigator'] Property[key.name='usb']", message: USB_MESSAGE },
];

const FORBIDDEN_PROPERTIES = [
    { property: 'innerHTML', message: HTML_MESSAGE },
    { property: 'outerHTML', message: HTML_MESSAGE },
    { property: 'insertAdjacentHTML', message: HTML_MESSAGE },
    { object: 'document', property: 'write', message: HTML_MESSAGE },
];

const HOUSE_RULES = {
    camelcase: ['error', { properties: 'never' }],
    complexity: ['error', 12],
    curly: ['error', 'all'],
    eqeqeq: 'error',
    'max-depth': ['error', 3],
    'max-len': ['error', { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
    'max-lines': ['error', { max: 500 }],
    'max-lines-per-function': ['error', { max: 60, IIFEs: true }],
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-new-func': 'error',
    'no-restricted-properties': ['error', ...FORBIDDEN_PROPERTIES],
    'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX, ...USB_SYNTAX],
    'no-shadow': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
    'no-var': 'error',
    'prefer-const': 'error',
};

const PAGE_GLOBALS = { ...globals.browser, ...globals.worker };

export default [
    { ignores: ['build/', 'node_modules/'] },
    js.configs.recommended,
    {
        languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
        linterOptions: { reportUnusedDisableDirectives: 'error' },
        rules: /** @type {any} */ (HOUSE_RULES),
    },
    { files: ['web/**', 'wasm-glue/**'], languageOptions: { globals: PAGE_GLOBALS } },
    { files: ['public/**'], languageOptions: { globals: { ...PAGE_GLOBALS, ...globals.serviceworker } } },
    // Node programs; the tests also send functions into a page.
    { files: ['scripts/**'], languageOptions: { globals: globals.node } },
    { files: ['tests/**'], languageOptions: { globals: { ...globals.browser, ...globals.node } } },
    {
        files: ['wasm-glue/webusb-transport.js', 'tests/**'],
        rules: { 'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX] },
    },
    { files: ['eslint.config.js'], rules: { 'no-restricted-syntax': 'off' } },
];
