using System.Reflection;
using System.Runtime.Loader;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

/// <summary>What a process has only so many of: names of log sources. In copies of the assemblies, since the tables are for a process's life.</summary>
public sealed class NameLimitSpec
{
    [Fact]
    public void Rules_beyond_the_names_of_log_sources_are_refused_and_the_others_run()
    {
        const int Rules = 300;
        var sets = new Copies().LoadFromAssemblyName(typeof(SigmaRuleSet).Assembly.GetName()).GetType(typeof(SigmaRuleSet).FullName!)!;
        var text = string.Join("\n---\n", Enumerable.Range(0, Rules).Select(i => $"title: t\nlogsource: {{ category: c{i} }}\ndetection:\n  sel: {{ F: a }}\n  condition: sel"));
        dynamic set = sets.GetMethod(nameof(SigmaRuleSet.Parse))!.Invoke(null, [text, "many.yml", null])!;
        var sound = ((IReadOnlyCollection<object>)set.Rules).Count;
        Assert.InRange(sound, 150, 254);
        Assert.Equal(Rules - sound, ((IReadOnlyCollection<object>)set.Errors).Count);
        foreach (var error in set.Errors) Assert.Equal(SigmaCodes.Limit, (string)error.Code);
        var build = sets.Assembly.GetType(typeof(SigmaEngine).FullName!)!.GetMethod(nameof(SigmaEngine.Build), BindingFlags.Public | BindingFlags.Static)!;
        dynamic engine = build.Invoke(null, [set.Rules, null])!;
        Assert.Equal(sound, ((IReadOnlyCollection<object>)engine.Rules).Count);
    }

    private sealed class Copies : AssemblyLoadContext
    {
        private static readonly Assembly[] Copied = [typeof(SigmaRuleSet).Assembly, typeof(EventBatch).Assembly];

        protected override Assembly? Load(AssemblyName assemblyName) =>
            Copied.FirstOrDefault(assembly => assembly.GetName().Name == assemblyName.Name) is { } found ? LoadFromAssemblyPath(found.Location) : null;
    }
}
