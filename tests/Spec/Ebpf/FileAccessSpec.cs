using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>Files that are only read are reported where a rule could name them.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileAccessSpec
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_chosen_names_and_what_is_below_chosen_folders_is_reported(bool typed)
    {
        using var acts = new FileActs(typed);
        ChosenFiles.Write(acts.Ring.Maps, new NameInterest(false, new HashSet<string> { "secret-of-17-long" }, new HashSet<string> { "keys" }));
        Directory.CreateDirectory(acts.At("keys/deep"));
        string[] names = ["Secret-OF-17-long", "keys/deep/any", "plain", "secret-of-17-longer", "straße"];
        foreach (var name in names) File.WriteAllText(acts.At(name), "x");
        var before = acts.Ring.Maps.ReadCounters()[RecordKind.FileAccess];
        var (events, _) = acts.Run([.. names.SelectMany(name => new[] { "open", "r", name })]);
        Assert.Equal([acts.At(names[0]), acts.At(names[1]), acts.At(names[4])],
            events.Where(e => e.Kind == EventKind.FileAccess && e[Fields.TargetFilename]!.StartsWith(acts.Folder, StringComparison.Ordinal)).Select(e => e[Fields.TargetFilename]));
        var row = acts.Ring.Maps.ReadCounters()[RecordKind.FileAccess];
        Assert.True(row.Unasked >= before.Unasked + 2 && row.Seen == row.Left, $"{row.Unasked} unasked, {row.Seen} seen, {row.Left} left");
    }

    [Theory]
    [InlineData("TargetFilename|endswith: '/etc/Shadow'", "shadow", "")]
    [InlineData("TargetFilename: '/etc/shadow'", "shadow", "")]
    [InlineData("TargetFilename|contains: '/.ssh/id_'", "", ".ssh")]
    [InlineData("TargetFilename|startswith: '/etc/ssl/'", "", "ssl")]
    [InlineData("TargetFilename|contains: [ '/.aws/', '/.kube/' ]", "", ".aws .kube")]
    [InlineData("TargetFilename|endswith: '.pem'", null, null)]
    [InlineData("TargetFilename|contains: 'shadow'", null, null)]
    [InlineData("Image|endswith: '/cat'", null, null)]
    public void Names_are_compiled_from_rules(string item, string? bases, string? folders)
    {
        var rule = $"title: x\nid: 7b9a3b52-29f6-4f27-8aef-6a01d4d8b9b1\nlogsource: {{ product: linux, category: file_access }}\ndetection:\n  s:\n    {item}\n  condition: s\n";
        var interest = ReadInterest.Of(SigmaRuleSet.Parse(rule, "x.yml").Rules, []);
        Assert.Equal(bases is null, interest.Everything);
        if (bases is null) return;
        Assert.Equal(bases, string.Join(' ', interest.Bases.Order(StringComparer.Ordinal)));
        Assert.Equal(folders, string.Join(' ', interest.Folders.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_narrowest_of_what_must_hold_is_taken_and_a_negation_says_nothing()
    {
        const string Rule = """
            title: x
            id: 7b9a3b52-29f6-4f27-8aef-6a01d4d8b9b1
            logsource: { product: linux, category: file_access }
            detection:
              many: { TargetFilename|endswith: [ '/a', '/b' ] }
              one: { TargetFilename|startswith: '/home/' }
              not: { TargetFilename|endswith: '/c' }
              condition: many and one and not not
            """;
        var interest = ReadInterest.Of(SigmaRuleSet.Parse(Rule.Replace("  not:", "  no:", StringComparison.Ordinal).Replace("not not", "not no", StringComparison.Ordinal), "x.yml").Rules, []);
        Assert.False(interest.Everything);
        Assert.Empty(interest.Bases);
        Assert.Equal("home", Assert.Single(interest.Folders));
    }
}
