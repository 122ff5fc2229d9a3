#!/usr/bin/env python3
"""Verifies a receipt of one Hangu audit record, or a disclosure of several, offline and without Hangu.

    verify_receipt.py RECEIPT.json --key VERIFIER [--json]

VERIFIER is the line "name+id+key" that `hangu audit checkpoint` prints; keep it where you keep
your checkpoints. It must not come from the receipt itself, which anybody could have written.

What is checked, in this order:
  1. Every open field: commitment = SHA-256(0x10 | 0x00 0x01 | length | name | salt | value), where
     length is the name's in LEB128. A closed field brings its commitment only.
  2. root = Merkle tree over the commitments (RFC 6962 nodes: SHA-256(0x01 | left | right)).
  3. leaf = SHA-256(0x00 | tenant, 8 bytes | "audit_record" | root).
  4. The leaf stands at that index in the log of that size and root (RFC 9162, 2.1.3.2).
  5. Size and root are in a checkpoint (C2SP tlog-checkpoint) signed by the key (Ed25519).
A disclosure has one checkpoint for all its records, each with its index, hashes and fields; its
requester and legal ground are words beside the proof, not part of it.

Exit status: 0 verified, 1 not, 2 wrong use. Needs Python 3.8, nothing else.
"""
import argparse
import base64
import hashlib
import json
import sys

NUMBERS = ("id", "at", "actor_id", "status")
FIELDS = ("id", "kind", "at", "actor_kind", "actor_id", "actor_name", "action", "subject_kind",
          "subject_id", "subject_label", "org_path", "route", "address", "trace", "status")
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class Wrong(Exception):
    """The receipt does not prove what it says."""


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Ed25519 (RFC 8032), verification only -------------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    t1 = (a[1] - a[0]) * (b[1] - b[0]) % P
    t2 = (a[1] + a[0]) * (b[1] + b[0]) % P
    t3 = 2 * a[3] * b[3] * D % P
    t4 = 2 * a[2] * b[2] % P
    e, f, g, h = t2 - t1, t4 - t3, t4 + t3, t2 + t1
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_of(data):
    y = int.from_bytes(data, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P != 0 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = point_times(s, BASE), point_add(r, point_times(h, a))
    return ((left[0] * right[2] - right[0] * left[2]) % P == 0 and
            (left[1] * right[2] - right[1] * left[2]) % P == 0)


# --- texts ---------------------------------------------------------------------------------------
def unbase64(text):
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, TypeError) as fault:
        raise Wrong("not base64: %r" % (text,)) from fault


def id_number(text):
    if len(text) != 13 or any(c not in ALPHABET for c in text):
        raise Wrong("not an id: %r" % (text,))
    number = 0
    for c in text:
        number = number * 32 + ALPHABET.index(c)
    return number


def leb128(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def take_text(data):
    length, shift = 0, 0
    while True:
        if not data:
            raise Wrong("a value ends too early")
        byte, data = data[0], data[1:]
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    if length > len(data):
        raise Wrong("a value ends too early")
    return data[:length], data[length:]


def shown(name, value):
    """A field's value as people read it."""
    if name in NUMBERS:
        return int.from_bytes(value, "big", signed=True)
    if name.startswith("~"):
        before, rest = take_text(value)
        after, rest = take_text(rest)
        if rest:
            raise Wrong("more than before and after in " + name)
        return {"before": before.decode(), "after": after.decode()}
    return value.decode()


def shown_whole(value):
    """A visit is one commitment over all its fields."""
    fields = {}
    for name in FIELDS:
        one, value = take_text(value)
        fields[name] = shown(name, one)
    return fields


# --- the proof -----------------------------------------------------------------------------------
def commitment_of(field):
    name = field["name"].encode()
    if "salt" not in field or field["salt"] is None:
        digest = unbase64(field["commitment"])
        if len(digest) != 32:
            raise Wrong("a commitment is 32 bytes")
        return digest
    salt = unbase64(field["salt"])
    if len(salt) != 16:
        raise Wrong("a salt is 16 bytes")
    return sha256(b"\x10\x00\x01" + leb128(len(name)) + name + salt + unbase64(field["value"]))


def merkle_root(level):
    if not level:
        raise Wrong("a record without fields")
    while len(level) > 1:
        pairs = [sha256(b"\x01" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def leaf_of(receipt):
    root = merkle_root([commitment_of(field) for field in receipt["fields"]])
    return sha256(b"\x00" + id_number(receipt["tenant_id"]).to_bytes(8, "big") + b"audit_record" + root)


def root_of_inclusion(index, size, leaf, proof):
    at, last, digest = index, size - 1, leaf
    for other in proof:
        if last == 0:
            raise Wrong("the proof is too long")
        if at & 1 or at == last:
            digest = sha256(b"\x01" + other + digest)
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            digest = sha256(b"\x01" + digest + other)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise Wrong("the proof is too short")
    return digest


def read_proof(text):
    """c2sp.org/tlog-proof@v1: index, hashes, an empty line, the checkpoint."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or not lines[1].startswith("index "):
        raise Wrong("not a tlog-proof")
    number = lines[1][6:]
    if not number.isdigit() or str(int(number)) != number:
        raise Wrong("the index is no number")
    hashes = [unbase64(line) for line in lines[2:]]
    if any(len(one) != 32 for one in hashes) or len(hashes) > 63:
        raise Wrong("hashes are 32 bytes, and 63 at most")
    return int(number), hashes, note


def read_note(note, verifier):
    """Checks the signature; answers origin, size, root and the signed time."""
    name, key_id, key = verifier.split("+", 2)
    raw = unbase64(key)
    if raw[:1] != b"\x01" or sha256(name.encode() + b"\n" + raw)[:4].hex() != key_id:
        raise Wrong("the verifier key contradicts itself")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    good = False
    for line in signatures.splitlines():
        dash, signer, signature = (line.split(" ", 2) + ["", ""])[:3]
        data = unbase64(signature)
        if dash == "\u2014" and signer == name and data[:4].hex() == key_id:
            good = good or ed25519_verify(raw[1:], text.encode(), data[4:])
    if not good:
        raise Wrong("the checkpoint is not signed by this key")
    lines = text.split("\n")
    if lines[0] != name or not lines[1].isdigit():
        raise Wrong("not a checkpoint of this log")
    time = next((line[5:] for line in lines[3:] if line.startswith("time ")), "")
    return int(lines[1]), unbase64(lines[2]), time


def opened(fields):
    """Names and values; None where the field is closed."""
    values = {}
    for field in fields:
        if field.get("salt") is None:
            values[field["name"]] = None
        elif field["name"] == "*":
            values.update(shown_whole(unbase64(field["value"])))
        else:
            values[field["name"]] = shown(field["name"], unbase64(field["value"]))
    return values


def verify(receipt, verifier):
    if receipt.get("format") != "hangu-audit-receipt@v1":
        raise Wrong("not a receipt of this form")
    index, hashes, note = read_proof(receipt["proof"])
    size, root, time = read_note(note, verifier)
    if verifier.split("+")[0] != "hangu-audit/" + receipt["tenant_id"]:
        raise Wrong("the key is of another tenant")
    if index >= size or root_of_inclusion(index, size, leaf_of(receipt), hashes) != root:
        raise Wrong("the record is not in the log that was signed")
    fields = opened(receipt["fields"])
    if fields.get("id") is not None and fields["id"] != id_number(receipt["record_id"]):
        raise Wrong("the receipt is named after another record")
    return {"verified": True, "sequence": index, "size": size, "signed_at": time, "fields": fields}


def verify_disclosure(disclosure, verifier):
    if disclosure.get("format") != "hangu-audit-disclosure@v1":
        raise Wrong("not a disclosure of this form")
    if verifier.split("+")[0] != "hangu-audit/" + disclosure["tenant_id"]:
        raise Wrong("the key is of another tenant")
    size, root, time = read_note(disclosure["checkpoint"], verifier)
    if not disclosure["records"]:
        raise Wrong("a disclosure of nothing")
    records, seen = [], set()
    for record in disclosure["records"]:
        index, hashes = record["index"], [unbase64(one) for one in record["hashes"]]
        if not isinstance(index, int) or index < 0 or index in seen:
            raise Wrong("an index is no number, or stands twice")
        if any(len(one) != 32 for one in hashes) or len(hashes) > 63:
            raise Wrong("hashes are 32 bytes, and 63 at most")
        leaf = leaf_of({"tenant_id": disclosure["tenant_id"], "fields": record["fields"]})
        if index >= size or root_of_inclusion(index, size, leaf, hashes) != root:
            raise Wrong("record %s is not in the log that was signed" % record["record_id"])
        fields = opened(record["fields"])
        if fields.get("id") != id_number(record["record_id"]):
            raise Wrong("record %s is named after another one" % record["record_id"])
        seen.add(index)
        records.append({"sequence": index, "fields": fields})
    return {"verified": True, "size": size, "signed_at": time, "records": records}


def print_disclosure(answer):
    print("Verified: %d records of a log of %d, checkpoint signed %s." %
          (len(answer["records"]), answer["size"], answer["signed_at"]))
    for record in answer["records"]:
        print("record %d" % record["sequence"])
        for name, value in record["fields"].items():
            if value is not None:
                print("  %-14s %s" % (name, value))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("receipt")
    parser.add_argument("--key", required=True, help="verifier key: name+id+key")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        with open(given.receipt, encoding="utf-8") as file:
            document = json.load(file)
        several = document.get("format") == "hangu-audit-disclosure@v1"
        answer = (verify_disclosure if several else verify)(document, given.key)
    except (Wrong, KeyError, TypeError, ValueError, AttributeError) as fault:
        print(json.dumps({"verified": False, "why": str(fault)}) if given.json
              else "NOT VERIFIED: %s" % fault)
        return 1
    except OSError as fault:
        print(fault, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    if several:
        print_disclosure(answer)
        return 0
    print("Verified: record %d of %d, checkpoint signed %s." %
          (answer["sequence"], answer["size"], answer["signed_at"]))
    for name, value in answer["fields"].items():
        print("  %-14s %s" % (name, "(closed)" if value is None else value))
    return 0


if __name__ == "__main__":
    sys.exit(main())
