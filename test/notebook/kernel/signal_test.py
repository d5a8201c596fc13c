"""Sends the kernel a signal while a cell loops, as a terminal does."""

import os
import signal
import threading

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name=os.environ["GRADBOOK_KERNEL"])


def execute(code, **options):
    client.execute(code, **options)
    return client.get_shell_msg(timeout=60)["content"]


execute("const kept = 42;")
group = os.getpgid(manager.provisioner.pid)
threading.Timer(1, lambda: os.killpg(group, signal.SIGINT)).start()
interrupted = execute("for (;;);")
value = execute("kept", user_expressions={"kept": "kept"})["user_expressions"]["kept"]
print(f"{interrupted['ename']}, then {value['data']['text/plain']}")
client.stop_channels()
manager.shutdown_kernel()
