"""Sends the kernel a signal while a cell loops, as a terminal does."""

import os
import signal
import sys

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name=os.environ["GRADBOOK_KERNEL"])


def reply():
    return client.get_shell_msg(timeout=60)["content"]


def wait_for_output():
    while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
        pass


client.execute("const kept = 42;")
reply()
client.execute("console.log('looping'); for (;;);")
wait_for_output()
os.killpg(os.getpgid(manager.provisioner.pid), signal.SIGINT)
interrupted = reply()
client.execute("kept", user_expressions={"kept": "kept"})
kept = reply()
if "user_expressions" not in kept:
    sys.exit(f"after {interrupted} the kernel replied {kept}")
value = kept["user_expressions"]["kept"]
print(f"{interrupted['ename']}, then {value['data']['text/plain']}")
client.stop_channels()
manager.shutdown_kernel()
