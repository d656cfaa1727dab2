using System.Reflection;

namespace Picket.Spec.House;

/// <summary>References run one way. The project files say so; this reads what the compiler made of them.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Picket.Hocon"] = [],
        ["Picket.Actors"] = ["Picket.Hocon"],
        ["Picket.Actors.Patterns"] = ["Picket.Actors"],
        ["Picket.Actors.TestKit"] = ["Picket.Actors", "Picket.Hocon"],
        ["Picket.Persistence"] = ["Picket.Actors.Patterns", "Picket.Actors", "Picket.Hocon"],
        ["Picket.Persistence.Sql"] = ["Picket.Persistence", "Picket.Actors", "Picket.Hocon"],
        ["Picket.Detection.Events"] = ["Picket.Actors", "Picket.Hocon"],
        ["Picket.Detection"] = ["Picket.Detection.Events", "Picket.Persistence", "Picket.Actors.Patterns", "Picket.Actors", "Picket.Hocon"],
        ["Picket.Sensors"] = ["Picket.Detection.Events", "Picket.Actors", "Picket.Hocon"],
        ["picket"] = ["Picket.Detection", "Picket.Detection.Events", "Picket.Sensors", "Picket.Persistence.Sql", "Picket.Persistence", "Picket.Actors.Patterns", "Picket.Actors", "Picket.Hocon"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_sees_only_what_lies_before_it(string name)
    {
        var references = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => Allowed.ContainsKey(reference) || reference.StartsWith("Picket", StringComparison.Ordinal));
        Assert.Empty(references.Except(Allowed[name]));
    }

    [Fact]
    public void In_detection_only_actors_know_the_kernel()
    {
        var detection = Path.Combine(Corpora.Root, "Detection");
        var knowing = SourceFiles.All().Where(file => file.StartsWith(detection, StringComparison.Ordinal)
            && !file.StartsWith(Path.Combine(detection, "Events"), StringComparison.Ordinal)
            && File.ReadAllText(file).Contains("using Picket.Actors", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension);

        // Besides the actors: the messages and parts that carry references between them.
        string[] carriers = ["ShardEngine", "ShardsReady", "ProcessStories", "SpillPost", "AlertRaised", "RuleMatched", "AlertsOptions", "SinkPart", "SwapRules", "RulesSwapped"];
        Assert.Empty(knowing.Where(name => !name!.EndsWith("Actor", StringComparison.Ordinal)).Except(carriers));
    }
}
