"""far_sides_test.py HANGU: text messages and channels of the real program, as the far side sees them."""
import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

from far_sides import Aliyun, MailServer, Robots

HANGU = sys.argv[1]


def certificate(folder):
    cert, key = folder + "/far.crt", folder + "/far.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
                   check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    return cert, tls


class Server:
    """The program, serving; and mei, signed in to it."""

    def __init__(self, folder, settings):
        self.folder = folder
        self.data = folder + "/data"
        self.environment = {**os.environ, **settings}
        self.run("tenant", "create", "tea", "--owner", "mei")
        link = json.loads(self.run("sign-in-link", "--tenant", "tea", "--login", "mei", "--json"))
        self.process = subprocess.Popen(
            [HANGU, "serve", "--data", self.data, "--port", "0", "--log", folder + "/log"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        self.port = int(json.loads(self.process.stdout.readline())["console"].split(":")[2].strip("/"))
        self.cookies = {}
        try:
            self.ok("POST", "/session/redeem", {"token": link["token"]})
        except BaseException:
            self.stop()
            raise

    def run(self, *words, status=0):
        done = subprocess.run([HANGU, *words, "--data", self.data], capture_output=True, text=True,
                              check=False, env=self.environment)
        if done.returncode != status:
            raise AssertionError("%s: %d\n%s%s" %
                                 (" ".join(words), done.returncode, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def ask(self, method, path, body=None):
        tls = ssl.create_default_context()
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
        wire = http.client.HTTPSConnection("127.0.0.1", self.port, context=tls, timeout=60)
        headers = {"Origin": "https://127.0.0.1:%d" % self.port}
        if self.cookies:
            headers["Cookie"] = "; ".join("%s=%s" % one for one in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/json"
        wire.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None,
                     headers)
        answer = wire.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.split(";")[0]
        text = answer.read().decode()
        wire.close()
        return answer.status, json.loads(text) if text else None

    def ok(self, method, path, body=None):
        status, found = self.ask(method, path, body)
        if status >= 300:
            raise AssertionError("%s %s: %d %r" % (method, path, status, found))
        return found

    def until(self, path, done, seconds=30):
        """Asks again until the answer is as wanted."""
        end = time.monotonic() + seconds
        while True:
            found = self.ok("GET", path)["items"]
            if found and done(found[0]):
                return found[0]
            if time.monotonic() > end:
                raise AssertionError("%s: %r" % (path, found))
            time.sleep(0.05)

    def log(self):
        with open(self.folder + "/log", encoding="utf-8") as file:
            return file.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.process.stdout.close()


class FarSides(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="hangu-far-")
        cls.cert, tls = certificate(cls.folder)
        cls.aliyun = Aliyun(tls)
        cls.robots = Robots()
        cls.mail = MailServer(tls, starttls=False)
        cls.server = Server(cls.folder, {
            "HANGU_EGRESS_HOSTS": "127.0.0.1, localhost",
            "HANGU_EGRESS_ALLOW_LOOPBACK": "true",
            "HANGU_EGRESS_CA_FILE": cls.cert,
            "HANGU_NOTIFY_ALLOW_LOCAL_ROBOTS": "true",
            "HANGU_NOTIFY_TEXT_SENDER": "aliyun",
            "HANGU_NOTIFY_ALIYUN_ENDPOINT": "https://localhost:%d" % cls.aliyun.server.port,
            "HANGU_NOTIFY_ALIYUN_KEY_ID": Aliyun.KEY,
            "HANGU_NOTIFY_ALIYUN_KEY_SECRET": Aliyun.SECRET,
            "HANGU_NOTIFY_ALIYUN_SIGN_NAME": "函谷",
            "HANGU_NOTIFY_ALIYUN_TEMPLATE_SIGN_IN_CODE": "SMS_154950909",
            "HANGU_NOTIFY_MAIL_HOST": "localhost",
            "HANGU_NOTIFY_MAIL_PORT": str(cls.mail.server.port),
            "HANGU_NOTIFY_MAIL_USER": MailServer.USER,
            "HANGU_NOTIFY_MAIL_PASSWORD": MailServer.PASSWORD,
            "HANGU_NOTIFY_MAIL_FROM": "notices@hangu.test",
        })

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        for one in (cls.aliyun, cls.robots, cls.mail):
            one.server.stop()
        shutil.rmtree(cls.folder)

    def channel(self, kind, address, secret=None):
        body = {"kind": kind, "name": "Duty " + kind, "address": address, "locale": "zh",
                "severity_min": "warning"}
        if secret:
            body["secret"] = secret
        return self.server.ok("POST", "/channels", body)["id"]

    def send_test(self, channel):
        self.server.ok("POST", "/channels/%s/test" % channel)
        return self.server.until("/channels/%s/deliveries" % channel,
                                 lambda row: row["state"] != "waiting")

    def test_a_text_arrives_signed_over_tls(self):
        before = len(self.aliyun.log.seen)
        self.server.run("text", "test", "--tenant", "tea", "--phone", "13812345678")
        fault, action, query = self.aliyun.log.wait(before + 1)
        self.assertEqual((fault, action), ("", "SendSms"))
        self.assertEqual(query["PhoneNumbers"], "13812345678")
        self.assertEqual(query["SignName"], "函谷")
        self.assertEqual(query["TemplateCode"], "SMS_154950909")
        self.assertEqual(json.loads(query["TemplateParam"]), {"code": "000000"})
        row = self.server.until("/texts", lambda row: row["state"] != "waiting")
        self.assertEqual((row["state"], row["reference"]), ("sent", "9006195"))
        self.assertEqual(row["id"], query["OutId"])

    def test_a_busy_text_service_is_asked_again_with_a_new_nonce(self):
        before = len(self.aliyun.log.seen)
        self.aliyun.failures = ["isv.BUSINESS_LIMIT_CONTROL"]
        self.server.run("text", "test", "--tenant", "tea", "--phone", "13912345678")
        self.assertEqual(self.aliyun.log.wait(before + 2)[0], "")
        row = self.server.until("/texts", lambda row: row["state"] != "waiting")
        self.assertEqual((row["state"], row["attempts"]), ("sent", 2))

    def test_robots_take_what_is_signed_rightly(self):
        for kind, path, secret in (
                ("wecom", "/cgi-bin/webhook/send?key=wecom-key-0123456789", None),
                ("dingtalk", "/robot/send?access_token=ding-token-0123456789", Robots.DING),
                ("feishu", "/open-apis/bot/v2/hook/feishu-hook-0123456789", Robots.FEISHU)):
            row = self.send_test(self.channel(kind, self.robots.url(path), secret))
            self.assertEqual(row["state"], "sent", row)
            found = self.robots.log.seen[-1]
            self.assertEqual(found[:2], (kind, True))
            self.assertIn("测试消息", found[2])

    def test_robots_refuse_a_wrong_secret_and_the_page_says_so(self):
        channel = self.channel("dingtalk", self.robots.url("/robot/send?access_token=other-0123456"),
                               "SECwrong")
        row = self.send_test(channel)
        self.assertEqual(row["state"], "dead")
        self.assertIn("310000", row["words"])

    def test_mail_arrives_over_tls_in_both_ways(self):
        channel = self.channel("mail", "duty@tea.test, owner@tea.test")
        row = self.send_test(channel)
        self.assertEqual(row["state"], "sent", row)
        to, message = self.mail.log.seen[-1]
        self.assertEqual(to, ["duty@tea.test", "owner@tea.test"])
        self.assertEqual(MailServer.subject_of(message), "测试消息")
        self.assertIn("收到即表示渠道工作正常", message.get_payload(decode=True).decode())
        self.assertEqual(message["Message-ID"], "<%s@hangu.test>" % row["id"])

    def test_nothing_secret_is_in_the_log(self):
        log = self.server.log()
        for secret in (Aliyun.SECRET, "13812345678", "0123456789", MailServer.PASSWORD, Robots.DING):
            self.assertNotIn(secret, log)


class StartTls(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="hangu-far-")
        self.cert, tls = certificate(self.folder)
        self.mail = MailServer(tls, starttls=True)

    def tearDown(self):
        self.mail.server.stop()
        shutil.rmtree(self.folder)

    def state_with(self, settings):
        server = Server(self.folder, {
            "HANGU_EGRESS_HOSTS": "localhost", "HANGU_EGRESS_ALLOW_LOOPBACK": "true",
            "HANGU_NOTIFY_MAIL_HOST": "localhost",
            "HANGU_NOTIFY_MAIL_PORT": str(self.mail.server.port),
            "HANGU_NOTIFY_MAIL_SECURITY": "starttls", "HANGU_NOTIFY_MAIL_USER": MailServer.USER,
            "HANGU_NOTIFY_MAIL_PASSWORD": MailServer.PASSWORD,
            "HANGU_NOTIFY_MAIL_FROM": "notices@hangu.test", **settings})
        try:
            channel = server.ok("POST", "/channels", {
                "kind": "mail", "name": "Duty", "address": "duty@tea.test", "locale": "en",
                "severity_min": "info"})["id"]
            server.ok("POST", "/channels/%s/test" % channel)
            return server.until("/channels/%s/deliveries" % channel, lambda row: row["words"] or
                                row["state"] != "waiting")
        finally:
            server.stop()

    def test_mail_arrives_after_starttls(self):
        self.assertEqual(self.state_with({"HANGU_EGRESS_CA_FILE": self.cert})["state"], "sent")
        self.assertEqual(MailServer.subject_of(self.mail.log.seen[0][1]), "Test message")

    def test_a_certificate_nobody_vouches_for_is_not_trusted(self):
        row = self.state_with({})
        self.assertEqual(row["state"], "waiting")
        self.assertIn("egress.tls_refused", row["words"])
        self.assertEqual(self.mail.log.seen, [])


class Modes(unittest.TestCase):
    def test_production_refuses_the_development_mailbox(self):
        folder = tempfile.mkdtemp(prefix="hangu-far-")
        environment = {**os.environ, "HANGU_NOTIFY_TEXT_SENDER": "mailbox"}
        for command in (["serve", "--port", "0"], ["doctor"]):
            done = subprocess.run([HANGU, *command, "--data", folder + "/data"],
                                  capture_output=True, text=True, check=False, env=environment)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn("server.mode", done.stdout + done.stderr)
        shutil.rmtree(folder)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
