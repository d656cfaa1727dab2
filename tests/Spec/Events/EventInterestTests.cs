using Picket.Detection.Events;

namespace Picket.Spec.Events;

public sealed class EventInterestTests
{
    [Fact]
    public void More_kinds_take_nothing_away_from_what_rules_ask_for()
    {
        var rules = new EventInterest(EventKind.ProcessCreation)
        {
            Read = NameInterest.None,
            Audit = new AuditInterest(AuditTypes.Path, new HashSet<string> { "mknod" }, new HashSet<string> { "key" }),
            Calls = new HashSet<string> { "sysinfo" },
        };
        var more = rules.With([EventKind.FileAccess, EventKind.FileDelete]);
        Assert.Equal([EventKind.ProcessCreation, EventKind.FileAccess, EventKind.FileDelete], Enum.GetValues<EventKind>().Where(more.Wants));
        Assert.False(rules.Wants(EventKind.FileAccess));
        Assert.Same(rules.Read, more.Read);
        Assert.Same(rules.Audit, more.Audit);
        Assert.Same(rules.Calls, more.Calls);
    }
}
