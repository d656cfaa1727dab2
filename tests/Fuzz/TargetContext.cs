using System.Reflection;
using System.Runtime.Loader;

namespace Picket.Fuzz;

/// <summary>
/// Loads the rewritten assemblies of a target, and beside them a second copy of this program, whose checks then call them and whose
/// counters they count into. What passes between the two worlds is of the base library.
/// </summary>
internal sealed class TargetContext : AssemblyLoadContext
{
    private readonly Dictionary<string, byte[]> _rewritten = new(StringComparer.Ordinal);

    /// <summary>Rewrites and loads a target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="withDefect">Whether to put its defect into it.</param>
    public TargetContext(IFuzzTarget target, bool withDefect)
        : base("a target with counters", isCollectible: false)
    {
        var blocks = 0;
        foreach (var compiled in target.Assemblies)
        {
            var isFirst = _rewritten.Count == 0;
            _rewritten[compiled.GetName().Name!] =
                Instrumentation.Rewrite(compiled.Location, isFirst && withDefect ? target.Defect.Plant : null, ref blocks);
        }

        var own = LoadFromAssemblyName(typeof(TargetContext).Assembly.GetName());
        Coverage = new CoverageMap(own.GetType(typeof(Counters).FullName!, throwOnError: true)!, blocks);
        var of = own.GetType(typeof(Checks).FullName!, throwOnError: true)!.GetMethod(nameof(Checks.Of), BindingFlags.Public | BindingFlags.Static)!;
        Check = of.CreateDelegate<Func<string, Func<byte[], string?>>>()(target.Name);
    }

    /// <summary>The counters of the loaded target.</summary>
    public CoverageMap Coverage { get; }

    /// <summary><see cref="Checks.Run"/> over the loaded target.</summary>
    public Func<byte[], string?> Check { get; }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (_rewritten.TryGetValue(assemblyName.Name!, out var bytes)) return LoadFromStream(new MemoryStream(bytes));
        var own = typeof(TargetContext).Assembly;
        return assemblyName.Name == own.GetName().Name ? LoadFromAssemblyPath(own.Location) : null;
    }
}
