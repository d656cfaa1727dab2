using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Picket.Hocon;

/// <summary>Reads configurations.</summary>
public static class ConfigurationFactory
{
    private const string Reference = "reference.conf";

    /// <summary>A configuration without values.</summary>
    public static Config Empty => new();

    /// <summary>
    /// Reads HOCON (or JSON, which is part of it) from a text. A text lies in no folder: plain includes find the program's resources only.
    /// </summary>
    /// <param name="hocon">The document.</param>
    /// <exception cref="ConfigException">The text is wrong; the message names the place.</exception>
    public static Config ParseString(string hocon) => Parse(hocon, null, new IncludeLoader(ConfigResources.OfProgram));

    /// <summary>Reads a text whose includes are answered by <paramref name="includeCallback"/>.</summary>
    /// <param name="hocon">The document.</param>
    /// <param name="includeCallback">
    /// Gives the text that an include's name stands for, whatever kind the include is of, or null where there is none; null for the
    /// program's resources.
    /// </param>
    /// <exception cref="ConfigException">A text is wrong; the message names the place.</exception>
    public static Config ParseString(string hocon, Func<string, string?>? includeCallback) =>
        Parse(hocon, null, new IncludeLoader(ConfigResources.OfProgram, includeCallback));

    /// <summary>Reads a text that errors call <paramref name="origin"/>.</summary>
    /// <param name="hocon">The document.</param>
    /// <param name="origin">What to name in errors; null for "text".</param>
    /// <param name="resources">What includes find; null for the program's resources.</param>
    /// <exception cref="ConfigException">The text is wrong; the message names the place.</exception>
    [OverloadResolutionPriority(-1)]
    public static Config ParseString(string hocon, string? origin, ConfigResources? resources = null) =>
        Parse(hocon, origin, new IncludeLoader(resources ?? ConfigResources.OfProgram));

    /// <summary>Reads a file in UTF-8 and what it includes; relative includes start from the folder of the including file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="resources">
    /// What <c>classpath()</c> finds, and a plain include without a file; null for the program's resources.
    /// </param>
    /// <exception cref="ConfigException">A file is missing, cannot be read, or is wrong; the message names the place.</exception>
    public static Config ParseFile(string path, ConfigResources? resources = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var loader = new IncludeLoader(resources ?? ConfigResources.OfProgram);
        var place = new ConfigOrigin(path, 0, 0);
        var root = path.Length == 0 ? null : loader.ReadFile(path, place, IncludeContext.Root);
        return root is null ? throw new ConfigException(place, "the file does not exist") : new Config(root, loader.Files);
    }

    /// <summary>Reads a resource that is embedded in an assembly; its includes find other resources of that assembly.</summary>
    /// <param name="resourceName">The name, as <see cref="ConfigResources"/> takes it.</param>
    /// <param name="assembly">The assembly.</param>
    /// <exception cref="ConfigException">There is no such resource, or it is wrong.</exception>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return TryReadResource(resourceName, new ConfigResources([assembly]))
            ?? throw new ConfigException(
                new ConfigOrigin($"resource {resourceName}", 0, 0),
                $"{assembly.GetName().Name} has no such resource; it has: {string.Join(", ", assembly.GetManifestResourceNames())}");
    }

    /// <summary>Reads a resource that is embedded in the assembly of a type.</summary>
    /// <exception cref="ConfigException">There is no such resource, or it is wrong.</exception>
    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Reads a resource that is embedded in an assembly.</summary>
    /// <param name="resourceName">The name, as <see cref="ConfigResources"/> takes it.</param>
    /// <param name="instanceInAssembly">The assembly, a type of it, or any object of such a type.</param>
    /// <exception cref="ConfigException">There is no such resource, or it is wrong.</exception>
    public static Config FromResource(string resourceName, object instanceInAssembly)
    {
        ArgumentNullException.ThrowIfNull(instanceInAssembly);
        return FromResource(resourceName, instanceInAssembly switch
        {
            Assembly assembly => assembly,
            Type type => type.Assembly,
            _ => instanceInAssembly.GetType().Assembly,
        });
    }

    /// <summary>The public properties of an object as a configuration.</summary>
    /// <param name="source">An object that can be written as JSON: an anonymous one, a dictionary, a record.</param>
    [RequiresUnreferencedCode("Reads the properties of the object by reflection.")]
    [RequiresDynamicCode("Reads the properties of the object by reflection.")]
    public static Config FromObject(object source) => ParseString(JsonSerializer.Serialize(source));

    /// <summary>
    /// The configuration of the application, beside the program: the text in <c>akka/hocon</c> of its XML configuration file, else the file
    /// <c>app.conf</c>, else <c>app.hocon</c>; empty where none is there.
    /// </summary>
    /// <exception cref="ConfigException">A file cannot be read or is wrong.</exception>
    public static Config Load() =>
        ApplicationFile.Read(AppContext.BaseDirectory, Assembly.GetEntryAssembly()?.GetName().Name) ?? Empty;

    /// <summary>The program's defaults: its embedded resource <c>reference.conf</c>; empty where it has none.</summary>
    /// <exception cref="ConfigException">The resource is wrong.</exception>
    public static Config Default() => TryReadResource(Reference, ConfigResources.OfProgram) ?? Empty;

    private static Config Parse(string hocon, string? origin, IncludeLoader loader)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        return new Config(new HoconParser(hocon, origin, loader, IncludeContext.Root).ReadDocument(), loader.Files);
    }

    private static Config? TryReadResource(string name, ConfigResources resources)
    {
        ArgumentNullException.ThrowIfNull(name);
        var loader = new IncludeLoader(resources);
        var root = loader.ReadResource(name.TrimStart('/'), new ConfigOrigin($"resource {name}", 0, 0), IncludeContext.Root);
        return root is null ? null : new Config(root, loader.Files);
    }
}
