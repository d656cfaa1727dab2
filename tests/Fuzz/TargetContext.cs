using System.Reflection;
using System.Runtime.Loader;
using Picket.Hocon;

namespace Picket.Fuzz;

/// <summary>
/// Loads a rewritten reader, and beside it a second copy of this program's checks, which then call that reader. What passes between
/// the two worlds is of the base library.
/// </summary>
internal sealed class TargetContext : AssemblyLoadContext
{
    private readonly byte[] _reader;
    private readonly string _readerName;

    /// <summary>Rewrites and loads the reader.</summary>
    /// <param name="withDefect">Whether to put <see cref="PlantedDefect"/> into it.</param>
    public TargetContext(bool withDefect)
        : base("the reader with counters", isCollectible: false)
    {
        var compiled = typeof(Config).Assembly;
        _readerName = compiled.GetName().Name!;
        _reader = Instrumentation.Rewrite(compiled.Location, withDefect ? PlantedDefect.Plant : null, out var blocks);
        var reader = LoadFromAssemblyName(compiled.GetName());
        Coverage = new CoverageMap(reader.GetType(Instrumentation.TypeName, throwOnError: true)!, blocks);
        var check = LoadFromAssemblyName(typeof(Checks).Assembly.GetName()).GetType(typeof(Checks).FullName!, throwOnError: true)!
            .GetMethod(nameof(Checks.Run), BindingFlags.Public | BindingFlags.Static)!;
        Check = check.CreateDelegate<Func<string, string?>>();
    }

    /// <summary>The counters of the loaded reader.</summary>
    public CoverageMap Coverage { get; }

    /// <summary><see cref="Checks.Run"/> over the loaded reader.</summary>
    public Func<string, string?> Check { get; }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == _readerName) return LoadFromStream(new MemoryStream(_reader));
        var own = typeof(TargetContext).Assembly;
        return assemblyName.Name == own.GetName().Name ? LoadFromAssemblyPath(own.Location) : null;
    }
}
