package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proofs against machines (docs/LEDGER.md §4), judged by these libraries alone: note.Open
// twice, and of a fork tlog.CheckTree once.

const (
	forks      = 24
	accuseHead = "fengqiao/seal-proof/1 "
)

// accusation: a file, taken apart.
type accusation struct {
	kind         string
	root         tlog.Hash // R' of a fork
	request      carrier   // from which B is parted
	noteA, noteB []byte
}

func parseAccusation(file []byte) (a accusation, err error) {
	head, rest, found := strings.Cut(string(file), "\n")
	if !found || !strings.HasPrefix(head, accuseHead) {
		return a, errFormat
	}
	a.kind = head[len(accuseHead):]
	if a.kind == "fork" {
		var line string
		if line, rest, found = strings.Cut(rest, "\n"); !found {
			return a, errFormat
		}
		if a.root, err = parseHash(line); err != nil {
			return a, err
		}
	} else if a.kind != "back" {
		return a, errFormat
	}
	if a.request, err = parseCarrier([]byte(rest), "", "old"); err != nil {
		return a, err
	}
	parts := strings.SplitN(string(a.request.note), "\n\n", 3)
	if len(parts) != 3 {
		return a, errFormat
	}
	a.noteB = []byte(parts[0] + "\n\n" + parts[1] + "\n")
	a.noteA = []byte(parts[2])
	return a, nil
}

// keyOf is the key in the name of a log.
func keyOf(origin string) (ed25519.PublicKey, error) {
	parts := strings.Split(origin, "/")
	if len(parts) != 3 || parts[0] != "fengqiao" || !strings.HasPrefix(parts[1], "fqk1") {
		return nil, errFormat
	}
	coded := base32.StdEncoding.WithPadding(base32.NoPadding)
	data, err := coded.DecodeString(strings.ToUpper(parts[1][4:]))
	if err != nil || len(data) != ed25519.PublicKeySize+3 {
		return nil, errFormat
	}
	return ed25519.PublicKey(data[:ed25519.PublicKeySize]), nil
}

// openSigned opens a checkpoint that the key in the name of its log signed. The extension
// is what stands below.
func openSigned(msg []byte) (c checkpoint, extension string, key ed25519.PublicKey, err error) {
	origin, _, _ := strings.Cut(string(msg), "\n")
	if key, err = keyOf(origin); err != nil {
		return c, "", nil, err
	}
	vkey, err := note.NewEd25519VerifierKey(origin, key)
	if err != nil {
		return c, "", nil, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return c, "", nil, err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return c, "", nil, err
	}
	lines := strings.SplitAfterN(opened.Text, "\n", 4)
	if len(lines) != 4 {
		return c, "", nil, errFormat
	}
	c, err = parseCheckpoint(strings.Join(lines[:3], ""))
	return c, lines[3], key, err
}

// judge: what is proved, and of which key.
func judge(file []byte) (kind string, key ed25519.PublicKey, err error) {
	proof, err := parseAccusation(file)
	if err != nil {
		return "", nil, err
	}
	a, _, key, err := openSigned(proof.noteA)
	if err != nil {
		return "", nil, err
	}
	b, extension, _, err := openSigned(proof.noteB)
	if err != nil {
		return "", nil, err
	}
	if a.origin != b.origin {
		return "", nil, errors.New("two logs")
	}
	if proof.kind == "back" {
		after := fmt.Sprintf("after %d %s\n", a.size, a.root)
		if b.size >= a.size || extension != after || proof.request.number != b.size ||
			len(proof.request.hashes) != 0 {
			return "", nil, errors.New("it did not go back")
		}
		return proof.kind, key, nil
	}
	if proof.request.number != a.size || proof.root == a.root {
		return "", nil, errors.New("no fork")
	}
	return proof.kind, key,
		tlog.CheckTree(proof.request.hashes, b.size, b.root, a.size, proof.root)
}

func showProof(path string) error {
	file, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	kind, key, err := judge(file)
	if err == nil {
		fmt.Printf("%s %x\n", kind, []byte(key))
	}
	return err
}

// ---- ours and theirs ----

// accuse makes a file of that kind by these libraries, and by our words the same one.
func accuse(c *conform, kind string, one, other *tree) ([]byte, ed25519.PublicKey, error) {
	seed := random(ed25519.SeedSize)
	name, err := c.bytes("seal-origin", seed, random(8))
	if err != nil {
		return nil, nil, err
	}
	skey, _, err := note.GenerateKey(bytes.NewReader(seed), string(name))
	if err != nil {
		return nil, nil, err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, nil, err
	}
	sizeA := 1 + dice.Int63n(int64(len(one.data)))
	rootA, err := one.root(sizeA)
	if err != nil {
		return nil, nil, err
	}
	sizeB, old, extension := sizeA+dice.Int63n(int64(len(other.data))-sizeA+1), sizeA, ""
	if kind == "back" {
		other, sizeB = one, dice.Int63n(sizeA)
		old = sizeB
		extension = fmt.Sprintf("after %d %s\n", sizeA, rootA)
	}
	var rootB, rootOld tlog.Hash
	var hashes []tlog.Hash
	if rootB, err = other.root(sizeB); err != nil {
		return nil, nil, err
	}
	if kind == "fork" {
		if rootOld, err = other.root(old); err != nil {
			return nil, nil, err
		}
		if hashes, err = tlog.ProveTree(sizeB, old, other); err != nil {
			return nil, nil, err
		}
	}
	noteA, err := note.Sign(
		&note.Note{Text: checkpoint{string(name), sizeA, rootA}.String()}, signer)
	if err != nil {
		return nil, nil, err
	}
	noteB, err := note.Sign(
		&note.Note{Text: checkpoint{string(name), sizeB, rootB}.String() + extension}, signer)
	if err != nil {
		return nil, nil, err
	}
	request := carrier{"", "old", old, hashes, noteB}.format()
	theirs := accuseHead + kind + "\n"
	if kind == "fork" {
		theirs += rootOld.String() + "\n"
	}
	theirs += string(request) + "\n" + string(noteA)
	ours, err := c.bytes("seal-proof-write", kind, rootOld[:], request, noteA)
	if err == nil && string(ours) != theirs {
		err = fmt.Errorf("we write %q, they %q", ours, theirs)
	}
	return ours, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), err
}

func checkAccusation(c *conform, kind string, one, other *tree) error {
	file, key, err := accuse(c, kind, one, other)
	if err != nil {
		return err
	}
	found, named, err := judge(file)
	if err != nil || found != kind || !bytes.Equal(named, key) {
		return fmt.Errorf("they judge %s, %x: %w", found, named, err)
	}
	err = c.expect(fmt.Sprintf("ok %s %x", kind, []byte(key)), "seal-proof-check", file)
	if err != nil {
		return err
	}
	for i := 0; i < flips; i++ {
		changed := flipped(file, 0)
		if _, _, err := judge(changed); err == nil {
			return fmt.Errorf("they take %q", changed)
		}
		if err := c.refuses("seal-proof-check", changed); err != nil {
			return fmt.Errorf("%w: %q", err, changed)
		}
	}
	return nil
}

func checkAccusations(c *conform) error {
	one, err := grow(60)
	if err != nil {
		return err
	}
	other, err := grow(90)
	if err != nil {
		return err
	}
	for i := 0; i < forks; i++ {
		for _, kind := range []string{"fork", "back"} {
			if err := checkAccusation(c, kind, one, other); err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
		}
		// A log that only grew accuses nobody.
		file, _, err := accuse(c, "fork", one, one)
		if err != nil {
			return err
		}
		if _, _, err := judge(file); err == nil {
			return errors.New("they take a log that only grew for a fork")
		}
		if err := c.refuses("seal-proof-check", file); err != nil {
			return err
		}
	}
	return nil
}
