namespace Picket.Hocon;

/// <summary>A value of a configuration with the place it was written at.</summary>
public abstract class ConfigValue
{
    // What errors call a value that was not reached by a path.
    private const string Name = "the value";

    private protected ConfigValue(ConfigOrigin origin) => Origin = origin;

    /// <summary>Where the value begins in its source.</summary>
    public ConfigOrigin Origin { get; }

    /// <summary>The type the value was written as.</summary>
    public abstract ConfigValueKind Kind { get; }

    /// <summary>Whether this is an object without keys.</summary>
    public bool IsEmpty => this is ConfigObject { Count: 0 };

    /// <summary>How much a rendering of the value takes, roughly in characters; bounds what substitutions may multiply.</summary>
    internal virtual long Weight => 1;

    /// <summary>Whether nothing below this value in a merge can be seen through it.</summary>
    internal virtual bool IsOpaque => false;

    /// <summary>Whether this is a simple value: a string, number, boolean or null.</summary>
    public bool IsString() => this is ConfigLiteral;

    /// <summary>Whether this is an array.</summary>
    public bool IsArray() => this is ConfigArray;

    /// <summary>Whether this is an object.</summary>
    public bool IsObject() => this is ConfigObject;

    /// <summary>This as an object; null where it is none.</summary>
    public ConfigObject? GetObject() => this as ConfigObject;

    /// <summary>The elements of an array.</summary>
    /// <exception cref="ConfigException">The value is no array.</exception>
    public List<ConfigValue> GetArray() => [.. ValueReader.Items(this, Name)];

    /// <summary>The text of a simple value; null for null.</summary>
    /// <exception cref="ConfigException">The value is an array or object.</exception>
    public string? GetString() => Kind == ConfigValueKind.Null ? null : ValueReader.Text(this, Name);

    /// <summary>The value as <see cref="Config.GetBoolean"/> takes it.</summary>
    /// <exception cref="ConfigException">The value is no boolean.</exception>
    public bool GetBoolean() => ValueReader.Boolean(this, Name);

    /// <summary>The value as a whole number of 32 bits.</summary>
    /// <exception cref="ConfigException">The value is none.</exception>
    public int GetInt() => ValueReader.Int(this, Name);

    /// <summary>The value as a whole number from 0 to 255.</summary>
    /// <exception cref="ConfigException">The value is none.</exception>
    public byte GetByte() => ValueReader.Byte(this, Name);

    /// <summary>The value as a whole number of 64 bits.</summary>
    /// <exception cref="ConfigException">The value is none.</exception>
    public long GetLong() => ValueReader.Long(this, Name);

    /// <summary>The value as a number.</summary>
    /// <exception cref="ConfigException">The value is no finite number.</exception>
    public double GetDouble() => ValueReader.Double(this, Name);

    /// <summary>The value as a number in single precision.</summary>
    /// <exception cref="ConfigException">The value is no finite number.</exception>
    public float GetFloat() => ValueReader.Float(this, Name);

    /// <summary>The value as an exact number.</summary>
    /// <exception cref="ConfigException">The value is no decimal number.</exception>
    public decimal GetDecimal() => ValueReader.Decimal(this, Name);

    /// <summary>The value as <see cref="Config.GetTimeSpan"/> takes it.</summary>
    /// <exception cref="ConfigException">The value is no duration.</exception>
    public TimeSpan GetTimeSpan(bool allowInfinite = true) => ValueReader.Duration(this, Name, allowInfinite);

    /// <summary>The value as <see cref="Config.GetByteSize"/> takes it.</summary>
    /// <exception cref="ConfigException">The value is no size.</exception>
    public long? GetByteSize() => ValueReader.ByteSize(this, Name);

    /// <summary>The strings of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of simple values.</exception>
    public List<string> GetStringList() => ValueReader.List(this, Name, ValueReader.Text);

    /// <summary>The booleans of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of booleans.</exception>
    public List<bool> GetBooleanList() => ValueReader.List(this, Name, ValueReader.Boolean);

    /// <summary>The whole numbers of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers of 32 bits.</exception>
    public List<int> GetIntList() => ValueReader.List(this, Name, ValueReader.Int);

    /// <summary>The whole numbers of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers from 0 to 255.</exception>
    public List<byte> GetByteList() => ValueReader.List(this, Name, ValueReader.Byte);

    /// <summary>The whole numbers of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of whole numbers of 64 bits.</exception>
    public List<long> GetLongList() => ValueReader.List(this, Name, ValueReader.Long);

    /// <summary>The numbers of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of numbers.</exception>
    public List<double> GetDoubleList() => ValueReader.List(this, Name, ValueReader.Double);

    /// <summary>The numbers of an array in single precision.</summary>
    /// <exception cref="ConfigException">The value is no array of numbers.</exception>
    public List<float> GetFloatList() => ValueReader.List(this, Name, ValueReader.Float);

    /// <summary>The exact numbers of an array.</summary>
    /// <exception cref="ConfigException">The value is no array of decimal numbers.</exception>
    public List<decimal> GetDecimalList() => ValueReader.List(this, Name, ValueReader.Decimal);

    /// <summary>A configuration that has this value under one key.</summary>
    public Config AtKey(string key)
    {
        var root = new ConfigObject(Origin, isResolved: true);
        root.AddResolved(key, new ConfigField(this, Origin));
        return new Config(root, [], isResolved: true);
    }

    /// <summary>The text of a simple value; JSON on one line for an array or object.</summary>
    public override string ToString() => ConfigRenderer.ToJson(this, indented: false);

    /// <summary>The kind in the words of an error message.</summary>
    internal string Describe() => this switch
    {
        ConfigLiteral { Kind: ConfigValueKind.Null } => "null",
        ConfigLiteral { Kind: ConfigValueKind.Boolean } literal => $"the boolean {literal.Shown}",
        ConfigLiteral { Kind: ConfigValueKind.Number } literal => $"the number {literal.Shown}",
        ConfigLiteral literal => $"the string \"{literal.Shown}\"",
        ConfigArray => "an array",
        ConfigObject => "an object",
        _ => "an unresolved substitution",
    };
}
