// Package configs is the daemon's configuration: plain data, loaded strictly.
//
// The file is YAML. A key that is not known is refused with its place and the
// nearest known key. All problems are reported at once, each with its key, where
// it was written, what is wrong and what would be right ([LoadError]).
//
// Every key can be overridden by an environment variable that is made from its
// path: SAMBUNG_<SECTION>_<KEY>, upper case, levels joined by an underscore.
//
//	redis.addrs              SAMBUNG_REDIS_ADDRS=10.0.0.1:6379,10.0.0.2:6379
//	calls.agent_ring         SAMBUNG_CALLS_AGENT_RING=20s
//	switches[0].trunk        SAMBUNG_SWITCHES_0_TRUNK=telco
//
// Elements of a list of sections are numbered from 0; the number after the last
// one adds an element. Lists of texts are separated by commas. A variable that
// begins with SAMBUNG_ and names no key is refused, for it would be a misspelt
// override. SAMBUNG_API and SAMBUNG_TOKEN belong to the command line,
// SAMBUNG_CACHE, SAMBUNG_REQUIRE_… and SAMBUNG_TEST_… to the tests; they are passed
// over.
//
// A secret is never written into the file. It comes from a file that a key
// ending in _file names, or from the environment variable of that key without
// its _FILE (SAMBUNG_REDIS_PASSWORD), which goes first. A secret file that
// everybody on the machine may read is refused. A [Secret] prints as "[secret]".
//
// Relative paths in the file begin at the folder of the file; those in an
// environment variable at the working directory.
package configs
