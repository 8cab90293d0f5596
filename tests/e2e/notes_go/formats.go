package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// What C2SP specifies and these libraries do not have, written once more, from the
// specification alone.

const cosignatureType = 4

// cosigner is a witness: its keys as note.Signer and note.Verifier (C2SP tlog-cosignature).
type cosigner struct {
	name   string
	public ed25519.PublicKey
	secret ed25519.PrivateKey // nil: only verifies
	time   uint64             // of the next signature, and of the last that held
}

func (c *cosigner) typed() []byte { return append([]byte{cosignatureType}, c.public...) }

func (c *cosigner) Name() string { return c.name }

func (c *cosigner) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(c.name+"\n"), c.typed()...))
	return binary.BigEndian.Uint32(sum[:])
}

func (c *cosigner) vkey() string {
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(),
		base64.StdEncoding.EncodeToString(c.typed()))
}

func cosigned(time uint64, msg []byte) []byte {
	return append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), msg...)
}

func (c *cosigner) Sign(msg []byte) ([]byte, error) {
	out := make([]byte, 8)
	binary.BigEndian.PutUint64(out, c.time)
	return append(out, ed25519.Sign(c.secret, cosigned(c.time, msg))...), nil
}

func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	if !ed25519.Verify(c.public, cosigned(time, msg), sig[8:]) {
		return false
	}
	c.time = time
	return true
}

// checkpoint: the text of a note (C2SP tlog-checkpoint).
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func (c checkpoint) String() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.origin, c.size, c.root)
}

var errFormat = errors.New("not of this format")

func parseNumber(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(number, 10) != text || number < 0 {
		return 0, errFormat
	}
	return number, nil
}

func parseHash(text string) (hash tlog.Hash, err error) {
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(data) != len(hash) {
		return hash, errFormat
	}
	copy(hash[:], data)
	return hash, nil
}

func parseCheckpoint(text string) (c checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return c, errFormat
	}
	c.origin = lines[0]
	if c.size, err = parseNumber(lines[1]); err != nil {
		return c, err
	}
	c.root, err = parseHash(lines[2])
	return c, err
}

// openCheckpoint opens a note that all of the verifiers must have signed.
func openCheckpoint(msg []byte, verifiers ...note.Verifier) (c checkpoint, err error) {
	opened, err := note.Open(msg, note.VerifierList(verifiers...))
	if err != nil {
		return c, err
	}
	if len(opened.Sigs) != len(verifiers) {
		return c, errors.New("somebody did not sign")
	}
	return parseCheckpoint(opened.Text)
}

// carrier: a number, hashes and a note, as tlog-proof and tlog-witness have them.
type carrier struct {
	head   string // lines in front of the number
	word   string
	number int64
	hashes []tlog.Hash
	note   []byte
}

func (c carrier) format() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s%s %d\n", c.head, c.word, c.number)
	for _, hash := range c.hashes {
		fmt.Fprintln(&out, hash)
	}
	out.WriteByte('\n')
	out.Write(c.note)
	return out.Bytes()
}

func parseCarrier(data []byte, head, word string) (c carrier, err error) {
	front, rest, found := strings.Cut(string(data), "\n\n")
	if !found || !strings.HasPrefix(front, head) {
		return c, errFormat
	}
	lines := strings.Split(front[len(head):], "\n")
	if !strings.HasPrefix(lines[0], word+" ") {
		return c, errFormat
	}
	c = carrier{head: head, word: word, note: []byte(rest)}
	if c.number, err = parseNumber(lines[0][len(word)+1:]); err != nil {
		return c, err
	}
	for _, line := range lines[1:] {
		hash, err := parseHash(line)
		if err != nil {
			return c, err
		}
		c.hashes = append(c.hashes, hash)
	}
	return c, nil
}
