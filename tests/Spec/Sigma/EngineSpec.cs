using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

public sealed class EngineSpec
{
    private const string Slow = "F|re: '^(?=(a+)+$)b'";

    [Theory]
    [InlineData("linux", "process_creation", null, "process_creation", true)]
    [InlineData("windows", "process_creation", null, "process_creation", false)]
    [InlineData("linux", "file_event", null, "process_creation", false)]
    [InlineData("linux", null, null, "process_creation", true)]
    [InlineData(null, "process_creation", null, "process_creation", true)]
    [InlineData("linux", null, "auditd", "process_creation", false)]
    [InlineData("linux", "process_creation", "auditd", "process_creation", true)]
    public void A_live_event_is_offered_to_rules_whose_log_source_it_may_be_of(string? product, string? category, string? service, string of, bool offered)
    {
        Assert.Equal(offered, Asked(product, category, service, EventRouteTable.Route("linux", of, null), EventKind.ProcessCreation));
        Assert.Equal(offered, Asked(product, category, service, EventRouteTable.Route("linux", null, null), EventKind.ProcessCreation));
        Assert.True(Asked(product, category, service, EventRoute.Any, EventKind.Unknown));
    }

    [Theory]
    [InlineData("linux", null, "auditd", true)]
    [InlineData("linux", null, "sshd", false)]
    [InlineData("linux", null, null, true)]
    public void A_record_of_a_service_is_offered_to_the_rules_of_that_service(string? product, string? category, string? service, bool offered) =>
        Assert.Equal(offered, Asked(product, category, service, EventRouteTable.Route("linux", null, "auditd"), EventKind.Unknown));

    [Theory]
    [InlineData("file_event", "file_rename", true)]
    [InlineData("file_event", "file_link", true)]
    [InlineData("FILE_EVENT", "file_symlink", true)]
    [InlineData("file_event", "file_delete", false)]
    [InlineData("file_event", "file_mode", false)]
    [InlineData("file_rename", "file_rename", true)]
    [InlineData("file_rename", "file_event", false)]
    [InlineData("file_link", "file_rename", false)]
    public void A_file_that_arrives_by_another_name_is_a_file_event_too(string category, string of, bool offered)
    {
        var rule = RuleOf("linux", category, null);
        var batch = EventOf(EventRouteTable.Route("linux", of, null), EventKind.Unknown);
        Assert.Equal(offered, Asked("linux", category, null, EventRouteTable.Route("linux", of, null), EventKind.Unknown));
        Assert.Equal(offered, new FullScan().Matches(rule.Syntax, batch.View(0)));
    }

    [Theory]
    [InlineData("linux", null, "auditd", true)]
    [InlineData("linux", null, null, false)]
    [InlineData(null, null, null, false)]
    [InlineData("linux", "process_creation", null, false)]
    public void A_record_that_is_made_of_another_event_is_offered_to_rules_for_such_records_alone(string? product, string? category, string? service, bool offered) =>
        Assert.Equal(offered, Asked(product, category, service, EventRouteTable.Route("linux", "audit_record", "auditd"), EventKind.AuditRecord));

    [Theory]
    [InlineData(EventKind.ProcessFork)]
    [InlineData(EventKind.ProcessSnapshot)]
    public void Forks_and_snapshots_feed_contexts_and_no_rule(EventKind kind) =>
        Assert.False(Asked("linux", null, null, EventRouteTable.Route("linux", null, null), kind));

    [Fact]
    public void More_routes_than_the_cache_holds_are_still_routed()
    {
        var rules = Enumerable.Range(0, 40).Select(i => RuleOf($"p{i}", null, null)).ToList();
        var engine = SigmaEngine.Build(rules);
        for (var i = 0; i < 40; i++)
        {
            for (var service = 0; service < 5; service++)
            {
                var sink = new RecordingSink();
                engine.Evaluate(EventOf(EventRouteTable.Route($"p{i}", null, $"s{service}"), EventKind.Unknown).View(0), sink);
                Assert.Equal([rules[i]], sink.Matches);
            }
        }
    }

    [Fact]
    public void The_values_of_the_context_count_where_the_record_has_none()
    {
        var batch = SigmaEvents.Of(("Own", "x"));
        batch.Attach(0, new OneField("Given", "from context"));

        Assert.True(Fires.Item("Given|contains: context").On(batch));
        Assert.True(Fires.Item("Given|exists: true").On(batch));
        Assert.False(Fires.Item("Given: null").On(batch));
        Assert.True(Fires.Item("Absent: null").On(batch));
    }

    [Fact]
    public void A_rule_that_fails_is_told_and_the_next_one_runs()
    {
        var slow = Fires.Item(Slow, new SigmaLoadOptions { RegexTimeLimit = TimeSpan.FromMilliseconds(5) });
        var good = Fires.Item("F|startswith: a");
        var clock = new ManualClock();
        var engine = SigmaEngine.Build([slow, good], new SigmaEngineOptions { FailureLimit = 3, Clock = clock });
        var batch = SigmaEvents.Of(("F", new string('a', 60) + "!b"));
        var sink = new RecordingSink();

        engine.Evaluate(batch.View(0), sink);
        engine.Evaluate(batch.View(0), sink);
        clock.Advance(TimeSpan.FromMinutes(2));
        engine.Evaluate(batch.View(0), sink);
        Assert.Empty(sink.Disabled);
        engine.Evaluate(batch.View(0), sink);
        engine.Evaluate(batch.View(0), sink);

        Assert.Equal([slow], sink.Disabled);
        Assert.Equal(5, sink.Failures.Count);
        engine.Evaluate(batch.View(0), sink);
        Assert.Equal(5, sink.Failures.Count);
        Assert.Equal(6, sink.Matches.Count);
        engine.Share().Evaluate(batch.View(0), sink);
        Assert.Equal(6, sink.Failures.Count);
    }

    [Fact]
    public void A_slow_question_of_two_rules_is_paid_once_per_event()
    {
        var options = new SigmaLoadOptions { RegexTimeLimit = TimeSpan.FromMilliseconds(200) };
        var engine = SigmaEngine.Build([.. Enumerable.Range(0, 40).Select(_ => Fires.Item(Slow, options))]);
        var batch = SigmaEvents.Of(("F", new string('a', 60) + "!b"));
        var sink = new RecordingSink();
        var start = TimeProvider.System.GetTimestamp();

        engine.Evaluate(batch.View(0), sink);

        Assert.Equal(40, sink.Failures.Count);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 4);
    }

    [Fact]
    public void What_the_sink_throws_is_not_taken_for_the_rules_failure()
    {
        var engine = SigmaEngine.Build([Fires.Item("F: a")]);

        Assert.Throws<NotSupportedException>(() => engine.Evaluate(SigmaEvents.Of(("F", "a")).View(0), new ThrowingSink()));
    }

    [Fact]
    public void Events_that_match_nothing_allocate_nothing()
    {
        var rules = new List<SigmaRule>
        {
            Fires.Item("F|contains: needle"),
            Fires.Item("F|re: 'a+zz'"),
            Fires.Item("F|re|i: 'A.c$'"),
            Fires.Item("F|cidr: 10.0.0.0/8"),
            Fires.Item("N|gt: 100"),
            Fires.Item("F: 'a*é?x'"),
            Fires.Item("F|fieldref: G"),
            Fires.Item("D|hour: 3"),
            Fires.Rule("a:\n    F|startswith: x\nb:\n    - nowhere\ncondition: a or b"),
            Fires.Rule("a:\n    G: '*'\nb:\n    F|endswith: zzz\nc:\n    F|exists: false\ncondition: 2 of them"),
        };
        var engine = SigmaEngine.Build(rules);
        var batch = SigmaEvents.Of(("F", "aaab ÄÖÜ abcd"), ("G", "other"), ("N", "99"), ("D", "2026-11-21T04:00"), ("", "some message"));
        var sink = new RecordingSink();
        for (var i = 0; i < 1_000; i++) engine.Evaluate(batch.View(0), sink);
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (var i = 0; i < 100_000; i++) engine.Evaluate(batch.View(0), sink);
        }));
        Assert.Empty(sink.Matches);
        Assert.Empty(sink.Failures);
    }

    [Fact]
    public void The_interest_names_log_sources_and_fields()
    {
        var engine = SigmaEngine.Build([RuleOf("linux", "process_creation", null), Fires.Rule("a:\n    G|fieldref: H\nb: word\ncondition: a or b")]);

        Assert.Equal([("linux", "process_creation", null), ("test", null, null)], engine.Interest.LogSources);
        Assert.Equal(["F", "G", "H"], engine.Interest.Fields);
        Assert.True(engine.Interest.Keywords);
    }

    private static bool Asked(string? product, string? category, string? service, EventRoute route, EventKind kind)
    {
        var rule = RuleOf(product, category, service);
        var batch = EventOf(route, kind);
        return rule.On(batch);
    }

    private static EventBatch EventOf(EventRoute route, EventKind kind)
    {
        var batch = SigmaEvents.Batch();
        SigmaEvents.Add(batch, route, [("F", "x")], kind);
        return batch;
    }

    private static SigmaRule RuleOf(string? product, string? category, string? service)
    {
        var parts = new[] { ("product", product), ("category", category), ("service", service) }.Where(part => part.Item2 is not null);
        var source = string.Join(", ", parts.Select(part => $"{part.Item1}: {part.Item2}"));
        if (source.Length == 0) source = "product: test";
        var set = SigmaRuleSet.Parse($"title: t\nlogsource: {{{source}}}\ndetection:\n  a: {{F: x}}\n  condition: a\n", "r.yml");
        Assert.Empty(set.Errors);
        return set.Rules[0];
    }

    private sealed class OneField(string name, string value) : EventContext
    {
        private readonly byte[] _value = System.Text.Encoding.UTF8.GetBytes(value);

        public override FieldValue Find(FieldId field) => field == FieldTable.Intern(name) ? new FieldValue(FieldKind.Text, _value) : default;
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }

    private sealed class ThrowingSink : ISigmaSink
    {
        public void OnMatch(SigmaRule rule, in EventView view) => throw new NotSupportedException();

        public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => Assert.Fail(failure.Message);

        public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) => Assert.Fail("disabled");
    }
}
