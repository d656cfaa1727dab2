using System.Reflection;

namespace Picket.Hocon;

/// <summary>
/// What <c>include classpath("name")</c> finds, and a plain include that has no such file beside it: resources embedded in assemblies,
/// then files below folders, in the given order; the first that has the name is taken.
/// </summary>
/// <remarks>
/// Names are separated by slashes. An embedded resource <c>sub/part.conf</c> may be named so, <c>sub.part.conf</c>, or, as the compiler
/// names it, with the name of its assembly and a dot before that.
/// </remarks>
public sealed class ConfigResources
{
    private readonly Assembly[] _assemblies;
    private readonly string[] _folders;

    /// <summary>Makes a set of places.</summary>
    /// <param name="assemblies">The assemblies to look in.</param>
    /// <param name="folders">The folders to look in after them.</param>
    public ConfigResources(IEnumerable<Assembly> assemblies, IEnumerable<string>? folders = null)
    {
        _assemblies = [.. assemblies];
        _folders = folders is null ? [] : [.. folders.Select(Path.GetFullPath)];
    }

    /// <summary>No place at all.</summary>
    public static ConfigResources None { get; } = new([]);

    /// <summary>The resources that are embedded in the program: what is used where nothing else is said.</summary>
    public static ConfigResources OfProgram { get; } = new(Assembly.GetEntryAssembly() is { } program ? [program] : []);

    /// <summary>The embedded resource; null where no assembly has it.</summary>
    internal Stream? Open(string name)
    {
        foreach (var assembly in _assemblies)
        {
            var dotted = name.Replace('/', '.');
            foreach (var candidate in (ReadOnlySpan<string>)[name, dotted, $"{assembly.GetName().Name}.{dotted}"])
            {
                if (candidate.Length > 0 && assembly.GetManifestResourceStream(candidate) is { } stream) return stream;
            }
        }

        return null;
    }

    /// <summary>The full path of the file below a folder; null where no folder has it.</summary>
    internal string? FindFile(string name) => _folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The names of the assemblies, for messages.</summary>
    internal string Places() => string.Join(", ", [.. _assemblies.Select(assembly => assembly.GetName().Name), .. _folders]);
}
