using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Audit;

namespace Picket.Spec.Ebpf;

/// <summary>The records that auditd would have written, made of the real kernel's events.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class AuditViewSpec : IDisposable
{
    private readonly Probe _probe = new();

    public void Dispose() => _probe.Dispose();

    [Fact]
    public void An_execution_becomes_the_four_records_of_auditd_right_behind_it()
    {
        using var ring = LiveRing.Asking(true, [], AuditPlan.Of(new AuditInterest(AuditTypes.All, new HashSet<string>(), new HashSet<string> { "k" }),
            [AuditRule.Parse($"-w {_probe.Path} -p x -k k")]));
        byte[] odd = [(byte)'x', 0xFF, (byte)'\n'];
        var pid = Live.Spawn.Run(_probe.Path, [Encoding.UTF8.GetBytes("probe"), odd, "two words"u8.ToArray(), []], [], _probe.Folder);
        var seen = ring.WaitFor("audit records", e => e.Key.Pid == pid && e.Kind is EventKind.AuditRecord or EventKind.ProcessCreation, 5);
        Assert.Equal(["", "SYSCALL", "EXECVE", "CWD", "PATH"], seen.Select(e => e[AuditFields.Type] ?? ""));
        Assert.Single(seen.Select(e => (e.Sequence, e.Key, e.TimeNs)).Distinct());
        Assert.All(seen.Skip(1), e => Assert.Equal("kernel", e[AuditFields.Source]));
        var (call, arguments, directory, path) = (seen[1], seen[2], seen[3], seen[4]);
        Assert.Equal(("execve", "yes", "0", "probe", "k"), (call[AuditFields.SyscallName], call[AuditFields.Success], call[AuditFields.Exit], call[AuditFields.Comm], call[AuditFields.Key]));
        Assert.Equal(("4", "probe", "two words", ""), (arguments[AuditFields.ArgumentCount], arguments[AuditFields.Argument(0)], arguments[AuditFields.Argument(2)], arguments[AuditFields.Argument(3)]));
        Assert.Equal(odd, arguments.Fields["a1"]);
        Assert.Equal(_probe.Folder, directory[AuditFields.Directory]);
        Assert.Equal((_probe.Path, "NORMAL", "0100755", "0"), (path[AuditFields.Name], path[AuditFields.NameType], path[AuditFields.Mode], path[AuditFields.OwnerUid]));
    }

    [Fact]
    public void A_call_that_a_rule_names_becomes_a_SYSCALL_record_with_its_arguments_in_hexadecimal()
    {
        using var ring = LiveRing.Asking(true, ["sysinfo", "personality"], AuditPlan.Of(
            new AuditInterest(AuditTypes.Syscall, new HashSet<string> { "sysinfo", "personality" }, new HashSet<string>()), []));
        var (pid, code) = _probe.Run(CProgram.Compile("privilege", _probe.Folder, "-pthread"), ["others"]);
        Assert.Equal(0, code);
        var seen = ring.WaitFor("SYSCALL", e => e.Key.Pid == pid && e[AuditFields.SyscallName] == "personality")[0];
        Assert.Equal(("yes", "ffffffff", "privilege"), (seen[AuditFields.Success], seen[AuditFields.Argument(0)], seen[AuditFields.Comm]));
        Assert.Empty(ring.Read(e => e.Key.Pid == pid && e[AuditFields.Type] is not (null or "SYSCALL")));
        var first = ring.Read(e => e.Key.Pid == pid && e.Kind == EventKind.AuditRecord)[0];
        Assert.Equal("execve", first[AuditFields.SyscallName]);
    }
}
