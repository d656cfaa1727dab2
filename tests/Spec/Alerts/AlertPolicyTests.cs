using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Policy;

namespace Picket.Spec.Alerts;

public sealed class AlertPolicyTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void One_like_it_within_the_window_is_suppressed_by_event_time_in_either_order()
    {
        var policy = new AlertPolicy(new AlertPolicyOptions { SuppressWindow = TimeSpan.FromSeconds(10) });
        var first = Samples.Alert(1, timeNs: 100 * Second, pid: 1);
        Assert.Equal(AlertVerdict.Pass, policy.Judge(first));
        policy.WentOut(first);
        Assert.Equal(AlertVerdict.Suppressed, policy.Judge(Samples.Alert(2, timeNs: 109 * Second, pid: 1)));
        Assert.Equal(AlertVerdict.Suppressed, policy.Judge(Samples.Alert(3, timeNs: 91 * Second, pid: 1)));
        Assert.Equal(AlertVerdict.Pass, policy.Judge(Samples.Alert(4, timeNs: 110 * Second, pid: 1)));
        Assert.Equal(AlertVerdict.Pass, policy.Judge(Samples.Alert(5, timeNs: 101 * Second, pid: 2)));
        Assert.Equal(AlertVerdict.Pass, policy.Judge(Samples.Alert(6, timeNs: 101 * Second)));
        Assert.Equal(AlertVerdict.Pass, policy.Judge(first));
    }

    [Fact]
    public void A_rule_gets_its_share_of_event_time_and_others_theirs()
    {
        var policy = new AlertPolicy(new AlertPolicyOptions { MaxPerRule = 5, RateWindow = TimeSpan.FromSeconds(10) });
        Assert.Equal(5, Enumerable.Range(0, 20).Count(i => Passes(policy, Samples.Alert(i, timeNs: 100 * Second))));
        Assert.True(Passes(policy, Samples.Alert(1, ruleId: "other", timeNs: 100 * Second)));
        Assert.Equal(2, Enumerable.Range(20, 20).Count(i => Passes(policy, Samples.Alert(i, timeNs: 104 * Second))));
        Assert.Equal(0, Enumerable.Range(40, 20).Count(i => Passes(policy, Samples.Alert(i, timeNs: 50 * Second))));
        Assert.Equal(5, Enumerable.Range(60, 20).Count(i => Passes(policy, Samples.Alert(i, timeNs: 1000 * Second))));
    }

    [Fact]
    public void What_is_kept_in_mind_is_bounded()
    {
        var policy = new AlertPolicy(new AlertPolicyOptions { MaxTracked = 2, SuppressWindow = TimeSpan.FromHours(1) });
        for (var pid = 1; pid <= 3; pid++) Assert.True(Passes(policy, Samples.Alert(pid, timeNs: Second, pid: pid)));
        Assert.True(Passes(policy, Samples.Alert(10, timeNs: Second, pid: 1)));
        Assert.False(Passes(policy, Samples.Alert(11, timeNs: Second, pid: 3)));
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Contains("MaxPerRule", Assert.Throws<ArgumentException>(() => new AlertPolicy(new AlertPolicyOptions { MaxPerRule = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("RateWindow", Assert.Throws<ArgumentException>(() => new AlertPolicy(new AlertPolicyOptions { RateWindow = default })).Message, StringComparison.Ordinal);
    }

    private static bool Passes(AlertPolicy policy, Alert alert)
    {
        if (policy.Judge(alert) != AlertVerdict.Pass) return false;
        policy.WentOut(alert);
        return true;
    }
}
