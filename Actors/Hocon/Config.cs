using System.Diagnostics.CodeAnalysis;

namespace Picket.Hocon;

/// <summary>
/// An immutable configuration. Values are asked for by path (<c>sensors.ebpf.ring-size</c>; keys with other characters than letters,
/// digits, - and _ are quoted). Where a path is absent or null a getter gives its default, as Akka.NET's do.
/// </summary>
/// <remarks>
/// Substitutions are resolved against the whole on the first question, or by <see cref="Resolve"/>. Safe for use by many threads.
/// </remarks>
public sealed class Config
{
    private readonly ConfigValue _tree;
    private readonly string _path;
    private ConfigValue? _resolved;

    internal Config(ConfigValue tree, IReadOnlyList<string> files, bool isResolved = false, string path = "")
    {
        _tree = tree;
        _path = path;
        _resolved = isResolved ? tree : null;
        Files = files;
    }

    /// <summary>A configuration without values.</summary>
    public static Config Empty { get; } = new(new ConfigObject(default), [], isResolved: true);

    /// <summary>
    /// The full paths of all files this was read from, includes among them: what to check for ownership and to watch for changes.
    /// </summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The resolved tree: an object, or an array where a document is one.</summary>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public ConfigValue Root => _resolved ??= new SubstitutionResolver(_tree, null).Resolve();

    /// <summary>Whether there is no value at all.</summary>
    public bool IsEmpty => _tree is ConfigObject { Count: 0 } or ConfigArray { Items.Count: 0 };

    /// <summary>All leaves in the order of the document, for a check of names and types with their place. Arrays are leaves.</summary>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public IEnumerable<ConfigEntry> Entries => Root is ConfigObject root ? EntriesOf(root, "") : [];

    /// <summary>
    /// This configuration with all substitutions resolved; what is wrong with any is said here and not by a later getter.
    /// </summary>
    /// <param name="environment">
    /// Gives the value of a path that the configuration does not define, such as an environment variable's; null for none.
    /// </param>
    /// <exception cref="ConfigException">A substitution is undefined, circular, or stands where its value does not fit.</exception>
    public Config Resolve(Func<string, string?>? environment = null) =>
        new(_resolved ?? new SubstitutionResolver(_tree, environment).Resolve(), Files, isResolved: true, _path);

    /// <summary>
    /// This configuration over <paramref name="fallback"/>: objects merge, other values of this one win. Substitutions of both are resolved
    /// against the result, unless <see cref="Resolve"/> has already been called.
    /// </summary>
    public Config WithFallback(Config fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        var merged = MergeRules.Over(MergeRules.Copy(fallback._tree), _tree);
        return new Config(merged, [.. Files.Union(fallback.Files)], isResolved: false, _path);
    }

    /// <summary>This configuration with a value set over what is at a path, as a later line of the same file would set it.</summary>
    /// <param name="path">The path expression.</param>
    /// <param name="literal">
    /// The value in HOCON: <c>10s</c>, <c>[a, b]</c>, <c>{ x = 1 }</c>, <c>${other}</c>; nothing may follow it.
    /// </param>
    /// <param name="origin">What to name in errors, such as the option on the command line.</param>
    /// <exception cref="ConfigException">The path or the value is not valid.</exception>
    public Config WithValue(string path, string literal, string? origin = null)
    {
        ArgumentNullException.ThrowIfNull(literal);
        var loader = new IncludeLoader();
        var value = new HoconParser(literal, origin, loader, IncludeContext.Root(null)).ReadSingleValue();
        return With(path, value, origin, loader.Files);
    }

    /// <summary>Like <see cref="WithValue"/> with a plain string, which is not read as HOCON.</summary>
    /// <exception cref="ConfigException">The path is not valid.</exception>
    public Config WithText(string path, string text, string? origin = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return With(path, new ConfigLiteral(new ConfigOrigin(origin, 0, 0), ConfigValueKind.String, text), origin, []);
    }

    /// <summary>Whether the path has a value that is not null.</summary>
    public bool HasPath(string path) => TryGet(path, out _, out _);

    /// <summary>The value at a path as it is; null where it is absent or null.</summary>
    public ConfigValue? GetValue(string path) => TryGet(path, out var value, out _) ? value : null;

    /// <summary>The object at a path as a configuration of its own; null where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no object.</exception>
    public Config? GetConfig(string path)
    {
        if (!TryGet(path, out var value, out var full)) return null;
        return value is ConfigObject ? new Config(value, Files, isResolved: true, full) : throw ValueReader.Wrong(value, full, "an object");
    }

    /// <summary>The objects of the array at a path as configurations of their own; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of objects.</exception>
    public IReadOnlyList<Config> GetConfigList(string path) => GetList(path, (value, full) => value is ConfigObject
        ? new Config(value, Files, isResolved: true, full)
        : throw ValueReader.Wrong(value, full, "an object"));

    /// <summary>The string at a path; numbers and booleans as they were written.</summary>
    /// <exception cref="ConfigException">The value is an array or object.</exception>
    [return: NotNullIfNotNull(nameof(@default))]
    public string? GetString(string path, string? @default = null) =>
        TryGet(path, out var value, out var full) ? ValueReader.Text(value, full) : @default;

    /// <summary>The boolean at a path: true, false, yes, no, on or off, quoted or not.</summary>
    /// <exception cref="ConfigException">The value is no boolean.</exception>
    public bool GetBoolean(string path, bool @default = false) =>
        TryGet(path, out var value, out var full) ? ValueReader.Boolean(value, full) : @default;

    /// <summary>The whole number at a path.</summary>
    /// <exception cref="ConfigException">The value is no whole number of 32 bits.</exception>
    public int GetInt(string path, int @default = 0) => TryGet(path, out var value, out var full) ? ValueReader.Int(value, full) : @default;

    /// <summary>The whole number at a path.</summary>
    /// <exception cref="ConfigException">The value is no whole number of 64 bits.</exception>
    public long GetLong(string path, long @default = 0) =>
        TryGet(path, out var value, out var full) ? ValueReader.Long(value, full) : @default;

    /// <summary>The number at a path.</summary>
    /// <exception cref="ConfigException">The value is no finite number.</exception>
    public double GetDouble(string path, double @default = 0) =>
        TryGet(path, out var value, out var full) ? ValueReader.Double(value, full) : @default;

    /// <summary>The number at a path in single precision.</summary>
    /// <exception cref="ConfigException">The value is no finite number.</exception>
    public float GetFloat(string path, float @default = 0) =>
        TryGet(path, out var value, out var full) ? (float)ValueReader.Double(value, full) : @default;

    /// <summary>The number at a path, exact.</summary>
    /// <exception cref="ConfigException">The value is no decimal number.</exception>
    public decimal GetDecimal(string path, decimal @default = 0) =>
        TryGet(path, out var value, out var full) ? ValueReader.Decimal(value, full) : @default;

    /// <summary>
    /// The duration at a path: a number with ns, us, ms, s, m, h, d or their long names; milliseconds without unit; cut to 100 ns.
    /// </summary>
    /// <param name="path">The path expression.</param>
    /// <param name="default">What an absent path gives; zero where null.</param>
    /// <param name="allowInfinite">Whether <c>infinite</c> is taken as <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ConfigException">The value is no duration.</exception>
    public TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        TryGet(path, out var value, out var full) ? ValueReader.Duration(value, full, allowInfinite) : @default ?? TimeSpan.Zero;

    /// <summary>
    /// The size at a path in bytes: a number with B, powers of ten (kB, MB, megabytes) or of two (K, KiB, mebibytes); bytes without unit.
    /// </summary>
    /// <exception cref="ConfigException">The value is no size.</exception>
    public long? GetByteSize(string path, long? @default = null) =>
        TryGet(path, out var value, out var full) ? ValueReader.ByteSize(value, full) : @default;

    /// <summary>The period at a path: a whole number with d, w, m or mo, y or their long names; days without unit.</summary>
    /// <exception cref="ConfigException">The value is no period.</exception>
    public ConfigPeriod? GetPeriod(string path, ConfigPeriod? @default = null) =>
        TryGet(path, out var value, out var full) ? ValueReader.Period(value, full) : @default;

    /// <summary>The strings of the array at a path; the default, or none, where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of simple values.</exception>
    public IReadOnlyList<string> GetStringList(string path, IReadOnlyList<string>? @default = null) =>
        GetList(path, ValueReader.Text, @default);

    /// <summary>The whole numbers of the array at a path; the default, or none, where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers of 32 bits.</exception>
    public IReadOnlyList<int> GetIntList(string path, IReadOnlyList<int>? @default = null) => GetList(path, ValueReader.Int, @default);

    /// <summary>The whole numbers of the array at a path; the default, or none, where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers of 64 bits.</exception>
    public IReadOnlyList<long> GetLongList(string path, IReadOnlyList<long>? @default = null) => GetList(path, ValueReader.Long, @default);

    /// <summary>The numbers of the array at a path; the default, or none, where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of numbers.</exception>
    public IReadOnlyList<double> GetDoubleList(string path, IReadOnlyList<double>? @default = null) =>
        GetList(path, ValueReader.Double, @default);

    /// <summary>The booleans of the array at a path; the default, or none, where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of booleans.</exception>
    public IReadOnlyList<bool> GetBooleanList(string path, IReadOnlyList<bool>? @default = null) =>
        GetList(path, ValueReader.Boolean, @default);

    /// <summary>The resolved configuration as JSON on one line.</summary>
    public override string ToString() => ConfigRenderer.ToJson(this, indented: false);

    private static IEnumerable<ConfigEntry> EntriesOf(ConfigObject root, string prefix)
    {
        foreach (var (key, field) in root.Members)
        {
            var path = ConfigPath.Join(prefix, key);
            if (field.Value is ConfigObject { Count: > 0 } below)
            {
                foreach (var entry in EntriesOf(below, path)) yield return entry;
            }
            else
            {
                yield return new ConfigEntry(path, field.Value, field.KeyOrigin);
            }
        }
    }

    private Config With(string path, ConfigValue value, string? origin, IReadOnlyList<string> files)
    {
        var keys = ConfigPath.Parse(path);
        var place = new ConfigOrigin(origin, 0, 0);
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            var parent = new ConfigObject(place);
            parent.Put(keys[i], new ConfigField(value, place));
            value = parent;
        }

        return new Config(value, files).WithFallback(this);
    }

    private IReadOnlyList<T> GetList<T>(string path, Func<ConfigValue, string, T> read, IReadOnlyList<T>? @default = null)
    {
        if (!TryGet(path, out var value, out var full)) return @default ?? [];
        var items = ValueReader.Items(value, full);
        var taken = new T[items.Count];
        for (var i = 0; i < items.Count; i++) taken[i] = read(items[i], $"{full}[{i}]");
        return taken;
    }

    private bool TryGet(string path, [NotNullWhen(true)] out ConfigValue? value, out string full)
    {
        ArgumentNullException.ThrowIfNull(path);
        full = _path.Length == 0 ? path : $"{_path}.{path}";
        value = Root;
        foreach (var key in ConfigPath.Parse(path))
        {
            if (value is not ConfigObject fields || !fields.TryGetValue(key, out value)) return false;
        }

        return value.Kind != ConfigValueKind.Null;
    }
}
