"""A real nginx before the real program, and stand-ins for further nodes. Loopback and temporary folders alone."""
import ctypes
import http.client
import http.server
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

CERTIFICATES = ("rsa.crt", "rsa.key", "ecdsa.crt", "ecdsa.key")
PATIENCE = 60


def nginx_program():
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def eventually(fact, what):
    """Until the fact holds; the limit is for broken code alone."""
    until = time.monotonic() + PATIENCE
    while True:
        found = fact()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError("never: " + what)
        time.sleep(0.02)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def dies_with_parent(number):
    """For a child: a test that is killed leaves nothing behind."""
    def arrange():
        ctypes.CDLL(None).prctl(1, number, 0, 0, 0)
    return arrange


def client_tls():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname = False
    tls.verify_mode = ssl.CERT_NONE  # self-made for the test
    return tls


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


class Client:
    """A browser, as far as it matters: cookies, Origin, an address of its own in 127.0.0.0/8."""

    def __init__(self, port, address="127.0.0.1"):
        self.port, self.address = port, address
        self.origin = "https://localhost:%d" % port
        self.tls = client_tls()
        self.cookies = {}

    def wire(self):
        return http.client.HTTPSConnection("localhost", self.port, context=self.tls,
                                           timeout=PATIENCE, source_address=(self.address, 0))

    def headers(self, more):
        headers = {"Origin": self.origin}
        if self.cookies:
            headers["Cookie"] = "; ".join("%s=%s" % one for one in self.cookies.items())
        headers.update(more)
        return headers

    def ask(self, method, path, body=None, more=None):
        headers = self.headers(more or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        wire = self.wire()
        try:
            wire.request(method, path, body, headers)
            got = wire.getresponse()
            for value in got.headers.get_all("Set-Cookie") or []:
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.split(";")[0]
            return Answer(got.status, got.headers, got.read())
        finally:
            wire.close()

    def must(self, method, path, body=None):
        answer = self.ask(method, "/api/v1" + path, body)
        if answer.status >= 300:
            raise AssertionError("%s %s: %d %r" % (method, path, answer.status, answer.body))
        return answer.json


class Program:
    """hangu serve, with an address of the test's choice."""

    def __init__(self, hangu, folder, settings):
        self.hangu, self.folder, self.data = hangu, folder, folder + "/data"
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("HANGU_")}
        self.environment.update(settings)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(folder + "/notify")
        self.notices.settimeout(PATIENCE)
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [self.hangu, "serve", "--data", self.data, "--port", "0", "--platform-port", "0",
             "--log", self.folder + "/log"],
            stdout=subprocess.PIPE, stderr=open(self.folder + "/stderr", "ab"), text=True,
            env={**self.environment, "NOTIFY_SOCKET": self.folder + "/notify"},
            preexec_fn=dies_with_parent(signal.SIGKILL))
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("hangu does not come up: " + open(self.folder + "/stderr").read())
        said = json.loads(line)
        self.port = int(said["console"].rsplit(":", 1)[1].strip("/"))
        self.platform_port = int(said["platform"].rsplit(":", 1)[1].strip("/"))

    def run(self, *words, status=0, data=True):
        words = [self.hangu, *words] + (["--data", self.data] if data else [])
        done = subprocess.run(words, capture_output=True, text=True, check=False,
                              env=self.environment)
        if done.returncode != status:
            raise AssertionError("%s: %d\n%s%s" %
                                 (" ".join(words), done.returncode, done.stdout, done.stderr))
        return done.stdout

    def told(self):
        return self.notices.recv(1024).decode()

    def stop(self):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process:
            self.process.stdout.close()
        self.notices.close()


class StandIn:
    """A node that tells what it was asked. `answer(request)` may say otherwise: a tuple of status,
    headers and body."""

    def __init__(self, certificates, answer=None):
        outer = self
        self.seen, self.lock, self.answer = [], threading.Lock(), answer

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_all(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = {"method": self.command, "path": self.path,
                           "headers": {name.lower(): value for name, value in self.headers.items()},
                           "body": self.rfile.read(length).decode("latin-1")}
                with outer.lock:
                    outer.seen.append(request)
                found = outer.answer(request) if outer.answer else None
                status, headers, body = found or (200, {"Content-Type": "application/json"},
                                                  json.dumps(request).encode())
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_all

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificates + "/ecdsa.crt", certificates + "/ecdsa.key")
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True,
                                             do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02},
                         daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def sent_on_to(node):
    """What a node answers whose neighbour owns the tenant (platform/http, Pipeline)."""
    return 421, {"X-Accel-Redirect": "@node_" + node}, b""


class Nginx:
    """With the configuration that the program makes of its settings."""

    def __init__(self, program, certificates, nodes, flags=()):
        self.folder = tempfile.mkdtemp(prefix="hangu-nginx-")
        os.chmod(self.folder, 0o755)  # workers of a master that is root are somebody else
        self.port, self.platform_port, self.plain_port = free_port(), free_port(), free_port()
        for name in CERTIFICATES:
            shutil.copy(certificates + "/" + name, self.folder)
        with open(self.folder + "/nodes-ca.crt", "wb") as trusted:
            for name in ("rsa.crt", "ecdsa.crt"):
                trusted.write(open(certificates + "/" + name, "rb").read())
        self.configuration = self.folder + "/nginx.conf"
        words = ["deploy", "nginx", "--out", self.configuration, "--folder", self.folder,
                 "--certificates", self.folder, "--nodes-ca", self.folder + "/nodes-ca.crt",
                 "--listen", "127.0.0.1:%d" % self.port,
                 "--listen-platform", "127.0.0.1:%d" % self.platform_port,
                 "--listen-plain", "127.0.0.1:%d" % self.plain_port, *flags]
        for node in nodes:
            words += ["--node", node]
        program.run(*words)
        self.text = open(self.configuration).read()
        self.process = None

    def words(self, *more):
        return [nginx_program(), "-p", self.folder, "-e", self.folder + "/error.log",
                "-c", self.configuration, *more]

    def test(self):
        """`nginx -t`; what it says."""
        done = subprocess.run(self.words("-t"), capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def start(self):
        self.process = subprocess.Popen(self.words("-g", "daemon off;"),
                                        preexec_fn=dies_with_parent(signal.SIGTERM))
        eventually(self.listens, "nginx listens")

    def listens(self):
        if self.process.poll() is not None:
            raise AssertionError("nginx ended: " + open(self.folder + "/error.log").read())
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def workers(self):
        path = "/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)
        return set(open(path).read().split())

    def reload(self):
        """`nginx -s reload`, until new workers serve."""
        before = self.workers()
        subprocess.run(self.words("-s", "reload"), check=True, capture_output=True)
        eventually(lambda: self.workers() - before, "new workers")

    def access_log(self):
        return open(self.folder + "/access.log").read()

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Load:
    """People who ask without a pause, each request on a connection of its own; what went wrong is
    kept. `expected` are the statuses that a node answers with."""

    def __init__(self, port, requests, expected, people=4):
        self.failures, self.done, self.by_status = [], 0, {}
        self.lock, self.over = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.person, args=(port, requests, expected, i))
                        for i in range(people)]

    def person(self, port, requests, expected, number):
        client = Client(port, "127.0.0.%d" % (10 + number))
        turn = number
        while not self.over.is_set():
            method, path, body, headers = requests[turn % len(requests)]
            turn += 1
            try:
                status = client.ask(method, path, body, headers).status
            except Exception as fault:  # noqa: BLE001: whatever it is, a request was lost
                status = repr(fault)
            with self.lock:
                self.done += 1
                self.by_status[status] = self.by_status.get(status, 0) + 1
                if status not in expected:
                    self.failures.append((method, path, status))

    def wait_for(self, count):
        """Until so many more requests were answered."""
        until = self.done + count
        eventually(lambda: self.done >= until, "%d requests more" % count)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
