"""Far sides on 127.0.0.1 that check what they are sent, as the providers' descriptions say."""
import base64
import email
import email.header
import hashlib
import hmac
import http.server
import json
import socketserver
import ssl
import threading
import time
import urllib.parse


class Server:
    def __init__(self, server):
        self.server = server
        self.port = server.server_address[1]
        self.thread = threading.Thread(target=server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Log:
    """What arrived; tests wait for it."""

    def __init__(self):
        self.seen = []
        self.changed = threading.Condition()

    def add(self, one):
        with self.changed:
            self.seen.append(one)
            self.changed.notify_all()

    def wait(self, count, seconds=30):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.seen) >= count, seconds):
                raise AssertionError("%d arrived: %r" % (len(self.seen), self.seen))
            return self.seen[count - 1]


def web(answer, tls=None):
    """answer(path, headers, body) -> (status, object)"""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, found = answer(self.path, self.headers, body)
            text = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    return Server(server)


def encoded(text):
    return urllib.parse.quote(text, safe="-_.~")


class Aliyun:
    KEY, SECRET = "LTAItest", "aliyun-secret-of-the-test"

    def __init__(self, tls):
        self.log = Log()
        self.nonces = set()
        self.failures = []
        self.server = web(self.answer, tls)

    def fault(self, path, headers, body):
        parts = urllib.parse.urlsplit(path)
        query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        canonical_query = "&".join("%s=%s" % (encoded(k), encoded(v)) for k, v in sorted(query))
        scheme, _, rest = headers["Authorization"].partition(" ")
        found = dict(piece.split("=", 1) for piece in rest.split(","))
        signed = found["SignedHeaders"].split(";")
        canonical = "\n".join(
            ["POST", parts.path, canonical_query,
             "".join("%s:%s\n" % (name, headers[name].strip()) for name in signed),
             found["SignedHeaders"], hashlib.sha256(body).hexdigest()])
        said = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        right = hmac.new(self.SECRET.encode(), said.encode(), hashlib.sha256).hexdigest()
        must = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date",
                "x-acs-signature-nonce", "x-acs-version"}
        at = time.mktime(time.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        if scheme != "ACS3-HMAC-SHA256" or found["Credential"] != self.KEY:
            return "InvalidAccessKeyId.NotFound"
        if signed != sorted(signed) or not must <= set(signed):
            return "MissingSignedHeaders"
        if headers["x-acs-content-sha256"] != hashlib.sha256(body).hexdigest():
            return "ContentSha256Mismatch"
        if not hmac.compare_digest(found["Signature"], right):
            return "SignatureDoesNotMatch"
        if abs(time.time() - at) > 900:
            return "InvalidTimeStamp.Expired"
        if headers["x-acs-signature-nonce"] in self.nonces:
            return "SignatureNonceUsed"
        self.nonces.add(headers["x-acs-signature-nonce"])
        return ""

    def answer(self, path, headers, body):
        fault = self.fault(path, headers, body)
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
        self.log.add((fault, headers["x-acs-action"], query))
        if fault:
            return 400, {"Code": fault, "Message": fault, "RequestId": "R"}
        if self.failures:
            return 200, {"Code": self.failures.pop(0), "Message": "later", "RequestId": "R"}
        return 200, {"Code": "OK", "Message": "OK", "BizId": "9006195", "RequestId": "R"}


class Robots:
    DING, FEISHU = "SECding-secret", "feishu-secret"

    def __init__(self):
        self.log = Log()
        self.server = web(self.answer)

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.server.port, path)

    def answer(self, path, headers, body):
        parts = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(parts.query))
        message = json.loads(body)
        if parts.path == "/cgi-bin/webhook/send":
            good = query == {"key": "wecom-key-0123456789"}
            text = message["text"]["content"]
            found = {"errcode": 0 if good else 93000, "errmsg": "ok" if good else "invalid webhook"}
            self.log.add(("wecom", good, text))
            return 200, found
        if parts.path == "/robot/send":
            key = self.DING.encode()
            right = base64.b64encode(
                hmac.new(key, (query["timestamp"] + "\n").encode() + key, hashlib.sha256).digest())
            recent = abs(time.time() * 1000 - int(query["timestamp"])) < 3_600_000
            good = recent and query["sign"].encode() == right
            self.log.add(("dingtalk", good, message["text"]["content"]))
            return 200, {"errcode": 0 if good else 310000, "errmsg": "ok" if good else "sign"}
        key = (str(message["timestamp"]) + "\n" + self.FEISHU).encode()
        right = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        recent = abs(time.time() - int(message["timestamp"])) < 3600
        good = recent and message["sign"] == right
        self.log.add(("feishu", good, message["content"]["text"]))
        return 200, {"code": 0 if good else 19021, "msg": "success" if good else "sign match fail"}


class MailServer:
    """Implicit TLS, or STARTTLS. Takes mail only over TLS and from who knows the password."""
    USER, PASSWORD = "notices@hangu.test", "mail-password"

    def __init__(self, tls, starttls):
        self.log = Log()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.secure = not starttls
                if self.secure:
                    self.request = tls.wrap_socket(self.request, server_side=True)
                self.lines = self.request.makefile("rb")
                self.say("220 far side")
                self.user = False
                self.to = []
                while self.one(self.lines.readline().decode().rstrip("\r\n")):
                    pass

            def say(self, text):
                self.request.sendall((text + "\r\n").encode())

            def one(self, line):
                verb = line.split(" ")[0].upper()
                if verb == "EHLO":
                    more = ["STARTTLS"] if not self.secure else ["AUTH PLAIN"]
                    self.say("\r\n".join(["250-far side"] + ["250 " + one for one in more]))
                elif verb == "STARTTLS" and not self.secure:
                    self.say("220 go on")
                    self.request = tls.wrap_socket(self.request, server_side=True)
                    self.lines = self.request.makefile("rb")
                    self.secure = True
                elif verb == "AUTH":
                    words = line.split(" ")
                    if len(words) == 2:
                        self.say("334 ")
                        words.append(self.lines.readline().decode().strip())
                    given = base64.b64decode(words[2]).split(b"\0")[1:]
                    self.user = given == [outer.USER.encode(), outer.PASSWORD.encode()]
                    self.say("235 welcome" if self.user else "535 who are you")
                elif verb == "MAIL":
                    self.say("250 ok" if self.user and self.secure else "530 not yet")
                elif verb == "RCPT":
                    self.to.append(line[8:].strip("<> "))
                    self.say("250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += self.lines.readline()
                    outer.log.add((self.to, email.message_from_bytes(text[:-3])))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return False
                else:
                    self.say("502 no")
                    return bool(line)
                return True

        class Quiet(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_):
                pass  # a client that breaks off is what some tests want

        self.server = Server(Quiet(("127.0.0.1", 0), Handler))

    @staticmethod
    def subject_of(message):
        return "".join(part.decode(charset or "ascii") if isinstance(part, bytes) else part
                       for part, charset in email.header.decode_header(message["Subject"]))
