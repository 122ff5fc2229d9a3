"""Two real nodes over one control database, a shard and Redis, and writers whose every write is asked for again until it is
answered. The first two words of the command line are HANGU and MARIADB."""
import glob
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

HANGU, MARIADB = sys.argv[1], sys.argv[2]
MERCHANTS = ("tea", "rice", "noodle")
PATIENCE = 120  # seconds until the test gives up; nothing is asserted about time
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)


def eventually(what, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


class Database:
    def __init__(self, folder):
        self.folder = folder
        self.child = None
        self.start()

    @property
    def socket(self):
        return self.folder + "/socket"

    def start(self):
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        self.child = subprocess.Popen(
            [MARIADB, self.folder, "--innodb-flush-log-at-trx-commit=2"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

        def up():
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(self.socket)
                return True
            except OSError:
                return False
        assert eventually(up), "MariaDB did not start"

    def kill(self):
        self.child.kill()
        self.child.wait()


class Redis:
    PASSWORD = "a-password-of-the-test"

    def __init__(self, folder):
        os.mkdir(folder)
        self.folder, self.child = folder, None
        with open(folder + "/users.acl", "w", encoding="utf-8") as accounts:
            accounts.write("user default off\nuser hangu on >%s ~hangu:* &hangu:* +@all -@admin\n"
                           % self.PASSWORD)
        with open(folder + "/password", "w", encoding="utf-8") as out:
            out.write(self.PASSWORD + "\n")
        os.chmod(folder + "/password", 0o400)
        self.start()

    def start(self):
        self.child = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.folder + "/socket", "--dir",
             self.folder, "--aclfile", self.folder + "/users.acl", "--save", "", "--appendonly",
             "no"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert eventually(lambda: os.path.exists(self.folder + "/socket")), "Redis did not start"

    def kill(self):
        self.child.kill()
        self.child.wait()
        if os.path.exists(self.folder + "/socket"):
            os.unlink(self.folder + "/socket")


class Node:
    def __init__(self, root, name, config, data, environment=None):
        self.name, self.config, self.data, self.program = name, config, data, HANGU
        self.log = "%s/%s.log" % (root, name)
        self.environment = dict(os.environ, **(environment or {}))
        self.child, self.port = None, None
        self.start()

    def start(self):
        self.child = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--config", self.config, "--port", "0", "--log",
             self.log], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment)
        line = self.child.stdout.readline()
        if not line:
            raise AssertionError("%s did not start: %s" % (self.name, self.child.communicate()[1]))
        self.port = int(json.loads(line)["console"].rstrip("/").rsplit(":", 1)[1])

    def end(self, how):
        self.child.send_signal(how)
        code = self.child.wait()
        if how == signal.SIGTERM and code != 0:
            raise AssertionError("%s ended with %d: %s" % (self.name, code,
                                                           self.child.stderr.read()[-2000:]))
        self.child.stdout.close()
        self.child.stderr.close()


class Gateway:
    """What nginx does: to a node that lives, and once on to the one that it names."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE

    def at(self, node, method, path, key, body=None, idempotency=None, hopped=False):
        connection = http.client.HTTPSConnection("127.0.0.1", node.port, timeout=30,
                                                 context=self.context)
        headers = {"Cookie": key, "X-Hangu-Client": "203.0.113.9", "X-Hangu-Scheme": "https",
                   "Host": "shop.example", "Origin": "https://shop.example"}
        if hopped:
            headers["X-Hangu-Hop"] = "1"
        if body is not None:
            headers["Content-Type"] = "application/json"
        if idempotency:
            headers["Idempotency-Key"] = idempotency
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            cookies = [value.split(";")[0] for name, value in answer.getheaders()
                       if name.lower() == "set-cookie"]
            return answer.status, dict(headers, cookies="; ".join(cookies)), answer.read()
        finally:
            connection.close()

    def ask(self, first, method, path, key, body=None, idempotency=None):
        return self.answer(first, method, path, key, body, idempotency)[:2]

    def answer(self, first, method, path, key, body=None, idempotency=None):
        nodes = list(self.nodes.values())
        order = nodes[first % len(nodes):] + nodes[:first % len(nodes)]
        for node in order:
            try:
                status, headers, text = self.at(node, method, path, key, body, idempotency)
            except ConnectionRefusedError:
                continue  # nothing was sent: the next one, as nginx does
            onward = headers.get("x-accel-redirect", "")
            if onward.startswith("@node_"):
                status, headers, text = self.at(self.nodes[onward[6:]], method, path, key, body,
                                                idempotency, True)
            return status, text, headers
        return 503, b"no node", {}


class Writer(threading.Thread):
    """Adds categories one after another, each until it is answered."""

    def __init__(self, test, merchant, number):
        super().__init__()
        self.test, self.merchant, self.number = test, merchant, number
        self.run_of = test.id().rsplit("_", 1)[0][-24:]
        self.names, self.failures, self.asked_again = [], [], 0
        self.ending = threading.Event()

    def run(self):
        count = 0
        while not self.ending.is_set():
            name = "%s %s %d %05d" % (self.run_of, self.merchant, self.number, count)
            count += 1
            key = str(uuid.uuid4())
            end = time.monotonic() + PATIENCE
            asked = 0
            while True:
                try:
                    status, text = self.test.gateway.ask(
                        self.number, "POST", "/api/v1/categories", self.test.keys[self.merchant],
                        {"name": name}, key)
                except (OSError, http.client.HTTPException):
                    status, text = 0, b""
                stands = status == 409 and asked > 0 and b"name_taken" in text
                if 200 <= status < 300 or stands:
                    self.names.append(name)
                    break
                asked += 1
                self.asked_again += 1
                if status not in (0, 409, 429, 500, 502, 503) or time.monotonic() > end:
                    self.failures.append((name, status, text[:200]))
                    break
                time.sleep(0.05)


class Ground(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="hangu-cluster-")
        os.chmod(cls.root, 0o755)
        cls.control = Database(cls.root + "/control-db")
        cls.shard = Database(cls.root + "/shard-db")
        cls.redis = Redis(cls.root + "/redis")
        cls.configs = {}
        for name in ("alone", "a", "b"):
            cls.configs[name] = "%s/%s.toml" % (cls.root, name)
            with open(cls.configs[name], "w", encoding="utf-8") as out:
                out.write("""
[server]
mode = "demo"
trusted_proxies = "127.0.0.0/8"
[http]
rate_percent = 10000
[notify]
text_sender = "mailbox"
[shards.one]
socket = "%s"
database = "one"
accounts = "%s/accounts/one"
""" % (cls.shard.socket, cls.root))
                if name != "alone":
                    out.write('[shards.control]\nsocket = "%s"\ndatabase = "control"\n'
                              'accounts = "%s/accounts/control"\n'
                              % (cls.control.socket, cls.root))
                    out.write('[redis]\nsocket = "%s/redis/socket"\n'
                              'password_file = "%s/redis/password"\n' % (cls.root, cls.root))
                    out.write('[keys]\nroot_file = "%s/alone.root.key"\n'
                              '[cluster]\ncontrol = "control"\nnode = "%s"\nlease_seconds = 2\n'
                              '[storage]\nnew_tenants = "one"\n' % (cls.root, name))
        cls.nodes = {}
        cls.make_merchants()
        cls.nodes["a"] = cls.node("a")
        cls.nodes["b"] = cls.node("b")
        cls.gateway = Gateway(cls.nodes)
        cls.keys = {}
        for number, merchant in enumerate(MERCHANTS):
            status, text, headers = cls.gateway.answer(
                number, "POST", "/api/v1/session/redeem", "", {"token": cls.tokens[merchant]})
            assert status == 200, text
            cls.keys[merchant] = headers["cookies"]

    @classmethod
    def make_merchants(cls):
        cls.hangu("shard", "init", "one", config="alone")
        cls.hangu("shard", "init", "control", config="a")
        cls.tokens = {}
        for merchant in MERCHANTS:
            made = cls.hangu("tenant", "create", merchant, "--name", merchant, "--owner", "mei",
                             "--json", config="alone")
            cls.tokens[merchant] = json.loads(made.split("\n")[0])["sign_in_token"]
            if merchant == MERCHANTS[0]:
                refused = cls.hangu("cluster", "join", config="a", status=1)
                assert "cluster.tenants_in_files" in refused, refused
            cls.hangu("tenant", "move", merchant, "--to", "one", config="alone")
        joined = json.loads(cls.hangu("cluster", "join", "--json", config="a").split("\n")[0])
        assert joined["rows"] > 0, joined

    @classmethod
    def node(cls, name, environment=None):
        data = cls.root + ("/alone" if name == "a" else "/" + name)
        return Node(cls.root, name, cls.configs[name], data, environment)

    @classmethod
    def tearDownClass(cls):
        for node in cls.nodes.values():
            if node.child.poll() is None:
                node.end(signal.SIGKILL)
        for server in (cls.control, cls.shard, cls.redis):
            server.kill()
        shutil.rmtree(cls.root, ignore_errors=True)

    @classmethod
    def hangu(cls, *words, config, status=0):
        data = cls.root + ("/b" if config == "b" else "/alone")
        node = cls.nodes.get(config)
        done = subprocess.run([node.program if node else HANGU, *words, "--data", data, "--config",
                               cls.configs[config]], capture_output=True, text=True, check=False,
                              env=node.environment if node else None)
        if done.returncode != status:
            raise AssertionError("%s: %d\n%s%s" % (" ".join(words), done.returncode,
                                                   done.stdout[-2000:], done.stderr[-2000:]))
        return done.stdout + done.stderr

    def status(self, node="b"):
        return json.loads(self.hangu("cluster", "status", "--json", config=node).split("\n")[0])

    def names(self, merchant):
        status, text = self.gateway.ask(0, "GET", "/api/v1/categories", self.keys[merchant])
        self.assertEqual(status, 200, text)
        found = json.loads(text)
        return [one["name"] for one in (found["items"] if isinstance(found, dict) else found)]

    def under_load(self, during, writers_per_merchant=2):
        writers = [Writer(self, merchant, number) for merchant in MERCHANTS
                   for number in range(writers_per_merchant)]
        before = {merchant: len(self.names(merchant)) for merchant in MERCHANTS}
        for writer in writers:
            writer.start()
        try:
            self.assertTrue(eventually(lambda: all(len(one.names) > 3 for one in writers)))
            during(writers)
            counts = [len(one.names) for one in writers]
            self.assertTrue(eventually(lambda: all(len(one.names) > count + 3 for one, count
                                                   in zip(writers, counts))))
        finally:
            for writer in writers:
                writer.ending.set()
            for writer in writers:
                writer.join()
        for merchant in MERCHANTS:
            written = [name for one in writers if one.merchant == merchant for name in one.names]
            stored = self.names(merchant)
            self.assertEqual(len(stored), len(set(stored)))
            self.assertEqual(set(written) - set(stored), set(), "acknowledged and lost")
            self.assertEqual(len(stored), before[merchant] + len(written), "doubled")
        for writer in writers:
            self.assertEqual(writer.failures, [])
        return writers
