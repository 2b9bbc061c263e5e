"""A pool that starts a Beam Python worker for each TaskManager that asks, on the loopback interface alone.

Beam's own command for this is for one TaskManager: it tells workers apart by ids that every TaskManager counts from 1,
so the first to end its part of a job has another's worker stopped. It also listens on every interface, to anyone who
wants code run.
"""

import signal
import subprocess
import sys
import threading
from typing import Any

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc
from apache_beam.utils.thread_pool_executor import shared_unbounded_instance

_WORKER = (
    "import sys; from apache_beam.runners.worker.sdk_worker import SdkHarness; "
    "SdkHarness(sys.argv[1], worker_id=sys.argv[2], state_cache_size=0).run()"
)


class WorkerPool(beam_fn_api_pb2_grpc.BeamFnExternalWorkerPoolServicer):
    """A process for each request. It ends when its TaskManager hangs up, asked or killed."""

    def StartWorker(self, request: Any, _context: Any) -> Any:  # noqa: ANN401, N802
        """Start one that takes its work from the address in the request."""
        arguments = [request.control_endpoint.url, request.worker_id]
        worker = subprocess.Popen([sys.executable, "-c", _WORKER, *arguments])  # noqa: S603
        print(f"worker {worker.pid}: {' '.join(arguments)}", flush=True)
        threading.Thread(target=worker.wait, daemon=True).start()  # or it would stay a zombie
        return beam_fn_api_pb2.StartWorkerResponse()

    def StopWorker(self, _request: Any, _context: Any) -> Any:  # noqa: ANN401, N802
        """Nothing: whose worker is meant can't be told, and hanging up ends it too."""
        return beam_fn_api_pb2.StopWorkerResponse()


def main(port: int) -> None:
    """Serve until a signal comes."""
    server = grpc.server(shared_unbounded_instance(), options=[("grpc.so_reuseport", 0)])
    server.add_insecure_port(f"127.0.0.1:{port}")
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(WorkerPool(), server)
    server.start()
    print(f"worker pool on 127.0.0.1:{port}", flush=True)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    server.stop(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
