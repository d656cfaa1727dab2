using System.Diagnostics.CodeAnalysis;

namespace Picket.Hocon;

/// <summary>
/// An immutable configuration. Values are asked for by path (<c>sensors.ebpf.ring-size</c>; keys with other characters than letters,
/// digits, - and _ are quoted). Where a path is absent or null a getter gives its default, as Akka.NET's do.
/// </summary>
/// <remarks>
/// Substitutions are resolved against the whole on the first question, with the environment's variables behind it, or by
/// <see cref="Resolve"/>, which asks only whom it is told to. Safe for use by many threads.
/// </remarks>
public sealed class Config
{
    private readonly ConfigValue _tree;
    private readonly string _path;
    private readonly bool _isResolved;
    private ConfigValue? _resolved;

    /// <summary>Makes a configuration without values.</summary>
    public Config()
        : this(new ConfigObject(default), [], isResolved: true)
    {
    }

    /// <summary>Makes <paramref name="source"/> over <paramref name="fallback"/>, as <see cref="WithFallback"/> does.</summary>
    /// <param name="source">The configuration whose values win.</param>
    /// <param name="fallback">What stands behind it; null for nothing.</param>
    public Config(Config source, Config? fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        var merged = source.WithFallback(fallback);
        (_tree, _path, _isResolved, _resolved) = (merged._tree, merged._path, merged._isResolved, merged._resolved);
        (Files, Fallback, Own) = (merged.Files, fallback, source.Own);
    }

    internal Config(ConfigValue tree, IReadOnlyList<string> files, bool isResolved = false, string path = "")
    {
        _tree = tree;
        _path = path;
        _isResolved = isResolved;
        _resolved = isResolved ? tree : null;
        Files = files;
        Own = tree;
    }

    private Config(ConfigValue tree, IReadOnlyList<string> files, Config source, Config fallback)
        : this(tree, files, isResolved: false, source._path) => (Own, Fallback) = (source.Own, fallback);

    /// <summary>A configuration without values.</summary>
    public static Config Empty { get; } = new();

    /// <summary>What <see cref="WithFallback"/> put behind this configuration last; null where nothing was.</summary>
    public Config? Fallback { get; }

    /// <summary>
    /// The full paths of all files this was read from, includes among them: what to check for ownership and to watch for changes.
    /// </summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The resolved tree: an object, or an array where a document is one.</summary>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public ConfigValue Root => _resolved ??= new SubstitutionResolver(_tree, Environment.GetEnvironmentVariable).Resolve();

    /// <summary>Whether there is no value at all.</summary>
    public bool IsEmpty => _tree is ConfigObject { Count: 0 } or ConfigArray { Items.Count: 0 };

    /// <summary>All leaves in the order of the document, for a check of names and types with their place. Arrays are leaves.</summary>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public IEnumerable<ConfigEntry> Entries => Root is ConfigObject root ? EntriesOf(root, "") : [];

    // What was written here and not in a fallback.
    private ConfigValue Own { get; }

    /// <summary>Reads a text, so that one can be given where a configuration is asked for.</summary>
    /// <exception cref="ConfigException">The text is wrong.</exception>
    public static implicit operator Config(string hocon) => ConfigurationFactory.ParseString(hocon);

    /// <summary><paramref name="config"/> over a text.</summary>
    /// <exception cref="ConfigException">The text is wrong.</exception>
    public static Config operator +(Config config, string fallback)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.WithFallback(ConfigurationFactory.ParseString(fallback));
    }

    /// <summary>A text over <paramref name="fallback"/>.</summary>
    /// <exception cref="ConfigException">The text is wrong.</exception>
    public static Config operator +(string config, Config fallback) => ConfigurationFactory.ParseString(config).WithFallback(fallback);

    /// <summary>
    /// This configuration with all substitutions resolved; what is wrong with any is said here and not by a later getter.
    /// </summary>
    /// <param name="environment">
    /// Gives the value of a path that the configuration does not define, such as an environment variable's; null for none.
    /// </param>
    /// <exception cref="ConfigException">A substitution is undefined, circular, or stands where its value does not fit.</exception>
    public Config Resolve(Func<string, string?>? environment = null) =>
        new(_isResolved ? _tree : new SubstitutionResolver(_tree, environment).Resolve(), Files, isResolved: true, _path);

    /// <summary>
    /// This configuration over <paramref name="fallback"/>: objects merge, other values of this one win. Substitutions of both are resolved
    /// against the result, unless <see cref="Resolve"/> has already been called.
    /// </summary>
    /// <param name="fallback">The configuration whose values are seen where this one has none; null for nothing.</param>
    /// <exception cref="ArgumentException">The fallback is this configuration.</exception>
    public Config WithFallback(Config? fallback)
    {
        if (fallback is null) return this;
        if (ReferenceEquals(fallback, this)) throw new ArgumentException("a configuration cannot be its own fallback", nameof(fallback));
        return new Config(MergeRules.Over(MergeRules.Copy(fallback._tree), _tree), [.. Files.Union(fallback.Files)], this, fallback);
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
        var loader = new IncludeLoader(ConfigResources.OfProgram);
        var value = new HoconParser(literal, origin, loader, IncludeContext.Root).ReadSingleValue();
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
    public List<Config> GetConfigList(string path) => GetList(path, (value, full) => value is ConfigObject
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
    /// <exception cref="ConfigException">The value is no whole number from 0 to 255.</exception>
    public byte GetByte(string path, byte @default = 0) =>
        TryGet(path, out var value, out var full) ? ValueReader.Byte(value, full) : @default;

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
        TryGet(path, out var value, out var full) ? ValueReader.Float(value, full) : @default;

    /// <summary>The number at a path, exact.</summary>
    /// <exception cref="ConfigException">The value is no decimal number.</exception>
    public decimal GetDecimal(string path, decimal @default = 0) =>
        TryGet(path, out var value, out var full) ? ValueReader.Decimal(value, full) : @default;

    /// <summary>
    /// The duration at a path: a number with ns, us, ms, s, m, h, d or their long names; milliseconds without unit; rounded to 100 ns.
    /// </summary>
    /// <param name="path">The path expression.</param>
    /// <param name="default">What an absent path gives; zero where null.</param>
    /// <param name="allowInfinite">Whether <c>infinite</c> (in any case) is taken as <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="ConfigException">The value is no duration.</exception>
    public TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        TryGet(path, out var value, out var full) ? ValueReader.Duration(value, full, allowInfinite) : @default ?? TimeSpan.Zero;

    /// <summary>
    /// The size at a path in bytes: a number with B, powers of ten (kB, MB, megabytes) or of two (K, KiB, mebibytes); bytes without unit;
    /// null where the value is the empty string. May be negative.
    /// </summary>
    /// <exception cref="ConfigException">The value is no size.</exception>
    public long? GetByteSize(string path, long? def = null) =>
        TryGet(path, out var value, out var full) ? ValueReader.ByteSize(value, full) : def;

    /// <summary>The period at a path: a whole number with d, w, m or mo, y or their long names; days without unit.</summary>
    /// <exception cref="ConfigException">The value is no period.</exception>
    public ConfigPeriod? GetPeriod(string path, ConfigPeriod? @default = null) =>
        TryGet(path, out var value, out var full) ? ValueReader.Period(value, full) : @default;

    /// <summary>The strings of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of simple values.</exception>
    public List<string> GetStringList(string path) => GetList(path, ValueReader.Text);

    /// <summary>The strings of the array at a path.</summary>
    /// <param name="path">The path expression.</param>
    /// <param name="default">What an absent path gives.</param>
    /// <exception cref="ConfigException">The value is no array of simple values.</exception>
    [return: NotNullIfNotNull(nameof(@default))]
    public List<string>? GetStringList(string path, IEnumerable<string>? @default) =>
        HasPath(path) ? GetStringList(path) : @default?.ToList();

    /// <summary>The whole numbers of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers of 32 bits.</exception>
    public List<int> GetIntList(string path) => GetList(path, ValueReader.Int);

    /// <summary>The whole numbers of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers of 64 bits.</exception>
    public List<long> GetLongList(string path) => GetList(path, ValueReader.Long);

    /// <summary>The whole numbers of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers from 0 to 255.</exception>
    public List<byte> GetByteList(string path) => GetList(path, ValueReader.Byte);

    /// <summary>The numbers of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of numbers.</exception>
    public List<double> GetDoubleList(string path) => GetList(path, ValueReader.Double);

    /// <summary>The numbers of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of numbers in single precision.</exception>
    public List<float> GetFloatList(string path) => GetList(path, ValueReader.Float);

    /// <summary>The numbers, exact, of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of decimal numbers.</exception>
    public List<decimal> GetDecimalList(string path) => GetList(path, ValueReader.Decimal);

    /// <summary>The booleans of the array at a path; none where it is absent.</summary>
    /// <exception cref="ConfigException">The value is no array of booleans.</exception>
    public List<bool> GetBooleanList(string path) => GetList(path, ValueReader.Boolean);

    /// <summary>The keys of the root with their values, resolved.</summary>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public IEnumerable<KeyValuePair<string, ConfigValue>> AsEnumerable() => Root is ConfigObject root ? root.Items : [];

    /// <summary>What was written here as JSON on one line, resolved, without the keys that only a fallback has.</summary>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public override string ToString() => ToString(includeFallback: false);

    /// <summary>The resolved configuration as JSON on one line.</summary>
    /// <param name="includeFallback">Whether keys that only a fallback has are told too.</param>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public string ToString(bool includeFallback) =>
        ConfigRenderer.ToJson(includeFallback || Fallback is null ? Root : OwnFields.Of(Root, Own), indented: false);

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

        var tree = MergeRules.Over(MergeRules.Copy(_tree), value);
        return new Config(tree, [.. files.Union(Files)], isResolved: false, _path);
    }

    private List<T> GetList<T>(string path, Func<ConfigValue, string, T> read) =>
        TryGet(path, out var value, out var full) ? ValueReader.List(value, full, read) : [];

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
