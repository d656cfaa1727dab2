using System.Text.Json;
using Picket.Node.Status;

namespace Picket.Spec.Cli;

public sealed class StatusTextTests
{
    [Fact]
    public void It_says_on_one_screen_what_the_json_says()
    {
        using var status = JsonDocument.Parse("""
            {"healthy":false,
             "problems":["ebpf/network sees nothing since 2026-11-21T10:00:00Z: no such\u001b[2J hook","12 events were lost in the kernel in this run"],
             "node":{"name":"host","version":"0.1.0","pid":42,"boot_id":"b","data_dir":"/d","started":"2026-11-21T10:00:00+00:00","uptime_s":93784,"rss_bytes":123456789,"cpu_ms":12345,"heartbeats":3},
             "guard":{"state":"watching","pid":43,"ended":0},
             "sensors":[{"name":"ebpf/file","state":"working","missing":[{"program":"p","reason":"r"}]},{"name":"ebpf/network","state":"waiting","since":"2026-11-21T10:00:00Z","reason":"no hook","missing":[]}],
             "events":{"seen":100,"lost":12,"malformed":0,"failed":0,"dropped":0,"spilled":5,"batches_out":2},
             "kernel":[{"kind":"exec","seen":90,"submitted":78,"lost":10,"refused":0,"busy":2,"self":0,"unasked":0},{"kind":"fork","seen":9,"submitted":9,"lost":0,"refused":0,"busy":0,"self":0,"unasked":0}],
             "logs":{"lines":7,"cut":1,"own":0,"skipped_bytes":9},
             "hashes":{"hits":50,"waiting":1,"known":20,"gone":2,"changed":0,"too_large":1},
             "rules":{"loaded":30,"failed":1,"correlations":3,"since":"2026-11-21T10:00:00+00:00","reloads":2,"reloads_failed":1,"kept":[{"file":"f","errors":[]}],"last_reload":{"at":"2026-11-21T11:00:00+00:00","cause":"SIGHUP","result":"taken","message":"m"}},
             "correlations":{"rules":3,"groups":20,"bytes":5120,"bytes_held":6000,"taken":40,"late":2,"duplicates":0,"ungrouped":0,"valueless":0,"fired":1,"evicted_matches":5,"evicted_groups":6},
             "alerts":{"matched":4,"stored":6,"sinks":[{"name":"file","taken":5,"behind":1,"failures":0}]},
             "store":{"kind":"sqlite","failing":false},
             "ledger":{"balanced":true,"barrier":9,"lines":[{"line":"a","in":1,"out":1,"detail":""}]},
             "notices":{"heartbeat":3},
             "actors":[{"path":"/user/node/self","answers":true,"restarts":1},{"path":"/user/node/context","answers":false,"restarts":0}]}
            """);
        Assert.Equal("""
            node     host, picket 0.1.0, pid 42, up for 1 d 2 h, 117 MiB, 12.3 s of CPU
            problem  ebpf/network sees nothing since 2026-11-21T10:00:00Z: no such [2J hook
            problem  12 events were lost in the kernel in this run
            guard    watching, pid 43
            sensor   ebpf/file: working, 1 of its programs not
            sensor   ebpf/network: waiting
            events   100 seen, 12 lost, 0 malformed, 5 wait on disk, 2 batches under way
            lost     exec: 10 for a full ring, 0 for the reserve, 2 for want of scratch memory, since the pins were made
            logs     7 lines, 1 cut, 9 bytes skipped
            hashes   20 files hashed, 50 known again, 1 wait; without: 2 gone, 1 too large
            rules    30 loaded, 1 not, since 2026-11-21T10:00:00+00:00
            reload   taken at 2026-11-21T11:00:00+00:00 (SIGHUP), 2 so far, 1 files kept as they were
            correl.  3 rules, 20 groups in 5 KiB, 1 fired, 2 late, 5 matches and 6 groups gave way
            alerts   4 matches, 6 in the outbox; file took 5, 1 behind
            store    sqlite
            ledger   balances, 1 lines, barrier 9
            actors   1 of 2 answer, 1 restarts

            """, StatusText.Of(status.RootElement));
    }
}
