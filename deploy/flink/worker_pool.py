"""A pool that starts a Beam Python worker for each TaskManager that asks, on the loopback interface alone.

Beam's own command for this listens on every interface, to anyone who wants code run.
"""

import signal
import sys
import threading

import grpc
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer
from apache_beam.utils.thread_pool_executor import shared_unbounded_instance


def main(port: int) -> None:
    """Serve until a signal comes."""
    server = grpc.server(shared_unbounded_instance(), options=[("grpc.so_reuseport", 0)])
    server.add_insecure_port(f"127.0.0.1:{port}")
    pool = BeamFnExternalWorkerPoolServicer(use_process=True)
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    server.start()
    print(f"worker pool on 127.0.0.1:{port}", flush=True)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    server.stop(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
