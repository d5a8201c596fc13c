"""Jupyter's own test of kernels, with samples for everything that it can test."""

import os
import unittest

import jupyter_kernel_test


class GradbookKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["GRADBOOK_KERNEL"]
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    code_page_something = "Math?"
    code_generate_error = "throw new Error('on purpose')"
    code_clear_output = "import { clearOutput } from 'gradbook'; clearOutput();"
    code_inspect_sample = "Math.floor"

    completion_samples = [
        {"text": "Math.flo", "matches": ["floor"]},
        {"text": "'abc'.charCo", "matches": ["charCodeAt"]},
    ]
    complete_code_samples = ["1", "console.log(1)", "function f() {\n  return 1;\n}", "const s = `a\nb`"]
    incomplete_code_samples = ["function f() {", "console.log(", "const s = `a", "/* a comment", "const x ="]
    invalid_code_samples = ["let x = ;", "import = 7q", "const s = 'a\n'", "1 +* 2 +"]

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "['a', 'b'].join('')", "result": "'ab'"},
        {
            "code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>42</b>' }) })",
            "mime": "text/html",
            "result": "<b>42</b>",
        },
    ]
    code_display_data = [
        {
            "code": "import { show } from 'gradbook';\n"
            "await show({ display: () => ({ 'text/plain': 'p', 'text/markdown': '**p**' }) })",
            "mime": "text/markdown",
        }
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 [*] ?"


if __name__ == "__main__":
    unittest.main()
