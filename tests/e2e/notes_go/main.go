// Trees, notes, cosignatures and proofs between fengqiao-conform and the libraries of Go's
// checksum database: what one side makes the other accepts, and neither what was changed.
// usage: below
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const usage = `usage: notes_go PROGRAM
       notes_go proof FILE                         a proof against a machine
       notes_go evidence PROGRAM FILE PROOFS       evidence, and the proofs made of it
       notes_go spoil FILE OUT                     changed copies OUT.0, OUT.1 …`

const (
	trees     = 24
	leavesMax = 1200
	proofs    = 8 // of each kind, in each tree
	notes     = 60
	files     = 40
	flips     = 12 // of each note and each file
)

var names = []string{"seal.example/石桥", "example.com/log42", "a", "镇/一", "x—y"}

// ---- trees ----

// tree: leaves with all that tlog stores of them.
type tree struct {
	data   [][]byte
	leaves []byte // their hashes, as our words take them
	stored []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(t.stored)) {
			return nil, errors.New("not stored")
		}
		out = append(out, t.stored[index])
	}
	return out, nil
}

func grow(size int) (*tree, error) {
	t := &tree{}
	for i := 0; i < size; i++ {
		data := random(dice.Intn(80))
		hashes, err := tlog.StoredHashes(int64(i), data, t)
		if err != nil {
			return nil, err
		}
		t.data = append(t.data, data)
		t.leaves = append(t.leaves, hashes[0][:]...)
		t.stored = append(t.stored, hashes...)
	}
	return t, nil
}

func (t *tree) root(size int64) (tlog.Hash, error) { return tlog.TreeHash(size, t) }

func join(hashes []tlog.Hash) []byte {
	var out []byte
	for _, hash := range hashes {
		out = append(out, hash[:]...)
	}
	return out
}

func split(data []byte) (hashes []tlog.Hash) {
	for len(data) >= tlog.HashSize {
		var hash tlog.Hash
		copy(hash[:], data)
		hashes = append(hashes, hash)
		data = data[tlog.HashSize:]
	}
	return hashes
}

// flip changes one bit of one of the parts.
func flip(parts ...[]byte) {
	at := dice.Intn(len(bytes.Join(parts, nil)))
	for _, part := range parts {
		if at < len(part) {
			part[at] ^= 1 << uint(dice.Intn(8))
			return
		}
		at -= len(part)
	}
}

func checkInclusion(c *conform, t *tree, size int64) error {
	index := dice.Int63n(size)
	root, err := t.root(size)
	if err != nil {
		return err
	}
	leaf, err := c.bytes("merkle-leaf", t.data[index])
	if err != nil {
		return err
	}
	ours, err := c.bytes("merkle-inclusion", index, size, t.leaves)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(split(ours), size, root, index, split(leaf)[0]); err != nil {
		return err
	}
	made, err := tlog.ProveRecord(size, index, t)
	if err != nil {
		return err
	}
	theirs := join(made)
	err = c.expect("ok", "merkle-inclusion-check", leaf, index, size, theirs, root[:])
	if err != nil {
		return err
	}
	flip(leaf, theirs, root[:])
	if tlog.CheckRecord(split(theirs), size, root, index, split(leaf)[0]) == nil {
		return errors.New("they take a changed inclusion")
	}
	return c.expect("bad", "merkle-inclusion-check", leaf, index, size, theirs, root[:])
}

func checkConsistency(c *conform, t *tree, size int64) error {
	from := 1 + dice.Int63n(size)
	root, err := t.root(size)
	if err != nil {
		return err
	}
	old, err := t.root(from)
	if err != nil {
		return err
	}
	ours, err := c.bytes("merkle-consistency", from, size, t.leaves)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(split(ours), size, root, from, old); err != nil {
		return err
	}
	made, err := tlog.ProveTree(size, from, t)
	if err != nil {
		return err
	}
	theirs := join(made)
	words := []interface{}{"merkle-consistency-check", from, old[:], size, root[:], theirs}
	if err := c.expect("ok", words...); err != nil {
		return err
	}
	flip(old[:], theirs, root[:])
	if tlog.CheckTree(split(theirs), size, root, from, old) == nil {
		return errors.New("they take a changed consistency")
	}
	return c.expect("bad", words...)
}

func checkTrees(c *conform) error {
	for i := 0; i < trees; i++ {
		t, err := grow(1 + dice.Intn(leavesMax))
		if err != nil {
			return err
		}
		for k := 0; k < proofs; k++ {
			size := 1 + dice.Int63n(int64(len(t.data)))
			root, err := t.root(size)
			if err != nil {
				return err
			}
			err = c.expect(encode(root[:]), "merkle-root", size, t.leaves)
			if err == nil {
				err = checkInclusion(c, t, size)
			}
			if err == nil {
				err = checkConsistency(c, t, size)
			}
			if err != nil {
				return fmt.Errorf("size %d of %d: %w", size, len(t.data), err)
			}
		}
	}
	return nil
}

// ---- notes ----

var letters = []rune("ab z+—石桥 é")

// randomText is never as long as a digest, which our keys also sign.
func randomText() []byte {
	var out []byte
	for i := 1 + dice.Intn(6); i > 0; i-- {
		for k := dice.Intn(30); k > 0; k-- {
			out = append(out, string(letters[dice.Intn(len(letters))])...)
		}
		out = append(out, '\n')
	}
	if len(out)+len("the end\n") == sha256.Size {
		return out
	}
	return append(out, "the end\n"...)
}

// flipped is a copy with one bit changed, from a place on. The last digit of what has a
// padding stays, since Go's decoder does not look at bits left over there.
func flipped(data []byte, from int) []byte {
	out := append([]byte(nil), data...)
	for {
		at := from + dice.Intn(len(out)-from)
		if at+1 < len(out) && out[at] != '=' && out[at+1] == '=' {
			continue
		}
		out[at] ^= 1 << uint(dice.Intn(8))
		return out
	}
}

// signer: a key that both sides have.
type signer struct {
	seed     []byte
	name     string
	vkey     []byte
	verifier note.Verifier
	signer   note.Signer
}

func newSigner(c *conform, name string) (*signer, error) {
	s := &signer{seed: random(ed25519.SeedSize), name: name}
	skey, vkey, err := note.GenerateKey(bytes.NewReader(s.seed), name)
	if err != nil {
		return nil, err
	}
	s.vkey = []byte(vkey)
	if s.verifier, err = note.NewVerifier(vkey); err != nil {
		return nil, err
	}
	if s.signer, err = note.NewSigner(skey); err != nil {
		return nil, err
	}
	return s, c.expect(encode(s.vkey), "note-key", s.seed, []byte(name), 1)
}

func checkNote(c *conform, name string) error {
	s, err := newSigner(c, name)
	if err != nil {
		return err
	}
	text := randomText()
	ours, err := c.bytes("note-sign", s.seed, []byte(name), text)
	if err != nil {
		return err
	}
	known := note.VerifierList(s.verifier)
	opened, err := note.Open(ours, known)
	if err != nil {
		return err
	}
	if opened.Text != string(text) {
		return fmt.Errorf("they read %q, we signed %q", opened.Text, text)
	}
	theirs, err := note.Sign(&note.Note{Text: string(text)}, s.signer)
	if err != nil {
		return err
	}
	if !bytes.Equal(theirs, ours) {
		return fmt.Errorf("they write %q, we write %q", theirs, ours)
	}
	if err := c.expect("ok", "note-check", s.vkey, theirs); err != nil {
		return err
	}
	for i := 0; i < flips; i++ {
		changed := flipped(theirs, 0)
		if _, err := note.Open(changed, known); err == nil {
			return fmt.Errorf("they take %q", changed)
		}
		if err := c.refuses("note-check", s.vkey, changed); err != nil {
			return fmt.Errorf("%w: %q", err, changed)
		}
	}
	return nil
}

func checkNotes(c *conform) error {
	for i := 0; i < notes; i++ {
		if err := checkNote(c, names[i%len(names)]); err != nil {
			return err
		}
	}
	return nil
}

// ---- cosigned checkpoints, and files that carry them ----

// cosignedNote: a checkpoint that a log signed and a witness saw, by us and by them.
type cosignedNote struct {
	log        *signer
	witness    *cosigner
	checkpoint checkpoint
	note       []byte
}

func cosign(c *conform, t *tree, size int64) (*cosignedNote, error) {
	log, err := newSigner(c, names[dice.Intn(len(names))])
	if err != nil {
		return nil, err
	}
	seed := random(ed25519.SeedSize)
	secret := ed25519.NewKeyFromSeed(seed)
	witness := &cosigner{name: names[dice.Intn(len(names))], secret: secret,
		public: secret.Public().(ed25519.PublicKey), time: uint64(dice.Int63())}
	root, err := t.root(size)
	if err != nil {
		return nil, err
	}
	n := &cosignedNote{log, witness, checkpoint{log.name, size, root}, nil}
	text, err := c.bytes("checkpoint-write", []byte(log.name), size, root[:])
	if err != nil {
		return nil, err
	}
	if string(text) != n.checkpoint.String() {
		return nil, fmt.Errorf("our checkpoint is %q", text)
	}
	signed, err := c.bytes("note-sign", log.seed, []byte(log.name), text)
	if err != nil {
		return nil, err
	}
	line, err := c.bytes("cosign", seed, []byte(witness.name), witness.time, signed)
	if err != nil {
		return nil, err
	}
	n.note = append(signed, line...)
	theirs, err := note.Sign(&note.Note{Text: string(text)}, log.signer, witness)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(n.note, theirs) {
		return nil, fmt.Errorf("they write %q, we write %q", theirs, n.note)
	}
	return n, c.expect(encode([]byte(witness.vkey())), "note-key", seed,
		[]byte(witness.name), 4)
}

// opens: does their side take these bytes for that note?
func (n *cosignedNote) opens(msg []byte) error {
	witness := *n.witness
	witness.time = 0
	found, err := openCheckpoint(msg, n.log.verifier, &witness)
	if err == nil && (found != n.checkpoint || witness.time != n.witness.time) {
		err = errors.New("another checkpoint, or another time")
	}
	return err
}

func checkCosigned(c *conform, n *cosignedNote) error {
	if err := n.opens(n.note); err != nil {
		return err
	}
	vkey := []byte(n.witness.vkey())
	wanted := fmt.Sprint("ok ", n.witness.time)
	if err := c.expect(wanted, "note-check", vkey, n.note); err != nil {
		return err
	}
	for i := 0; i < flips; i++ {
		changed := flipped(n.note, 0)
		if n.opens(changed) == nil {
			return fmt.Errorf("they take %q", changed)
		}
		byLog, err := c.ask("note-check", n.log.vkey, changed)
		if err != nil {
			return err
		}
		byWitness, err := c.ask("note-check", vkey, changed)
		if err != nil {
			return err
		}
		if byLog == "ok" && byWitness == wanted {
			return fmt.Errorf("we take %q", changed)
		}
	}
	return nil
}

const proofHead = "c2sp.org/tlog-proof@v1\n"

// proves: does their side take the file for a proof that data stands in the tree?
func (n *cosignedNote) proves(file []byte, data []byte) error {
	proof, err := parseCarrier(file, proofHead, "index")
	if err != nil {
		return err
	}
	if err := n.opens(proof.note); err != nil {
		return err
	}
	return tlog.CheckRecord(proof.hashes, n.checkpoint.size, n.checkpoint.root, proof.number,
		tlog.RecordHash(data))
}

func checkProof(c *conform, t *tree, n *cosignedNote) error {
	index := dice.Int63n(n.checkpoint.size)
	data := t.data[index]
	hashes, err := c.bytes("merkle-inclusion", index, n.checkpoint.size, t.leaves)
	if err != nil {
		return err
	}
	ours, err := c.bytes("tlog-proof-write", []byte(nil), index, hashes, n.note)
	if err != nil {
		return err
	}
	if err := n.proves(ours, data); err != nil {
		return err
	}
	made, err := tlog.ProveRecord(n.checkpoint.size, index, t)
	if err != nil {
		return err
	}
	theirs := carrier{proofHead, "index", index, made, n.note}.format()
	vkey := []byte(n.witness.vkey())
	err = c.expect(fmt.Sprint("ok ", n.witness.time), "tlog-proof-check", data, n.log.vkey,
		vkey, theirs)
	if err != nil {
		return err
	}
	for i := 0; i < flips; i++ {
		changed := flipped(theirs, 0)
		if n.proves(changed, data) == nil {
			return fmt.Errorf("they take %q", changed)
		}
		if err := c.refuses("tlog-proof-check", data, n.log.vkey, vkey, changed); err != nil {
			return fmt.Errorf("%w: %q", err, changed)
		}
	}
	return nil
}

// checkRequest: what a log asks of a witness, taken apart by the other side each time.
func checkRequest(c *conform, t *tree, n *cosignedNote) error {
	old := 1 + dice.Int63n(n.checkpoint.size)
	root, err := t.root(old)
	if err != nil {
		return err
	}
	hashes, err := c.bytes("merkle-consistency", old, n.checkpoint.size, t.leaves)
	if err != nil {
		return err
	}
	ours, err := c.bytes("witness-request-write", old, hashes, n.note)
	if err != nil {
		return err
	}
	request, err := parseCarrier(ours, "", "old")
	if err != nil {
		return err
	}
	if err := n.opens(request.note); err != nil {
		return err
	}
	err = tlog.CheckTree(request.hashes, n.checkpoint.size, n.checkpoint.root, request.number,
		root)
	if err != nil {
		return err
	}
	made, err := tlog.ProveTree(n.checkpoint.size, old, t)
	if err != nil {
		return err
	}
	theirs := carrier{"", "old", old, made, n.note}.format()
	wanted := fmt.Sprintf("%d %s %s", old, encode(join(made)), encode(n.note))
	return c.expect(wanted, "witness-request-read", theirs)
}

// checkDatabase: the trees of the checksum database itself are checkpoints, too.
func checkDatabase(c *conform, n *cosignedNote) error {
	text := tlog.FormatTree(tlog.Tree{N: n.checkpoint.size, Hash: n.checkpoint.root})
	wanted := fmt.Sprintf("%s %d %s -", encode([]byte("go.sum database tree")),
		n.checkpoint.size, encode(n.checkpoint.root[:]))
	return c.expect(wanted, "checkpoint-read", text)
}

func checkFiles(c *conform) error {
	t, err := grow(300)
	if err != nil {
		return err
	}
	for i := 0; i < files; i++ {
		n, err := cosign(c, t, 1+dice.Int63n(300))
		if err == nil {
			err = checkCosigned(c, n)
		}
		if err == nil {
			err = checkProof(c, t, n)
		}
		if err == nil {
			err = checkRequest(c, t, n)
		}
		if err == nil {
			err = checkDatabase(c, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ---- all ----

func run(program string) error {
	c, err := start(program)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name  string
		count int
		check func(*conform) error
	}{
		{"proofs of inclusion and of consistency", trees * proofs, checkTrees},
		{"notes", notes, checkNotes},
		{"cosigned checkpoints, proofs and requests", files, checkFiles},
		{"proofs against machines", 2 * forks, checkAccusations},
	} {
		if err := part.check(c); err != nil {
			_ = c.command.Process.Kill()
			_ = c.command.Wait()
			return fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Printf("%d %s, each way\n", part.count, part.name)
	}
	return c.finish()
}

func main() {
	var err error
	switch {
	case len(os.Args) == 2:
		err = run(os.Args[1])
	case len(os.Args) == 3 && os.Args[1] == "proof":
		err = showProof(os.Args[2])
	case len(os.Args) == 5 && os.Args[1] == "evidence":
		err = checkEvidence(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) == 4 && os.Args[1] == "spoil":
		err = spoil(os.Args[2], os.Args[3])
	default:
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
