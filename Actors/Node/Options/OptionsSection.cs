using System.Numerics;
using Picket.Hocon;

namespace Picket.Node.Options;

/// <summary>Reads values below one path and checks their range; what is wrong is said with the value's file, line and column.</summary>
internal sealed class OptionsSection(Config config, string path)
{
    /// <summary>The section <paramref name="name"/> below this one.</summary>
    public OptionsSection Section(string name) => new(config, $"{path}.{name}");

    /// <summary>A text; must not be empty unless <paramref name="mayBeEmpty"/>.</summary>
    public string Text(string name, bool mayBeEmpty = false)
    {
        var text = config.GetString(At(name)) ?? "";
        return text.Length > 0 || mayBeEmpty ? text : throw Wrong(name, "must not be empty");
    }

    /// <summary>A path: one that is relative is relative to the file that says it.</summary>
    public string Path(string name) => Absolute(Text(name), Origin(name));

    /// <summary>A list of paths, each as in <see cref="Path"/>.</summary>
    public IReadOnlyList<string> Paths(string name)
    {
        var origin = Origin(name);
        return [.. config.GetStringList(At(name)).Select(text => Absolute(text, origin))];
    }

    /// <summary>A list of paths and of names that stand for themselves.</summary>
    public IReadOnlyList<string> PathsOr(string name, Predicate<string> isName)
    {
        var origin = Origin(name);
        return [.. config.GetStringList(At(name)).Select(text => isName(text) ? text : Absolute(text, origin))];
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. config.GetStringList(At(name))];

    /// <summary>A list of objects whose texts have the names <paramref name="keys"/>, all of them and no others.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, ConfigValue>> Objects(string name, params IReadOnlyCollection<string> keys)
    {
        var list = config.GetValue(At(name)) as ConfigArray ?? throw Wrong(name, "must be a list of objects");
        foreach (var item in list.Items) CheckKeys(item, name, keys);
        return [.. list.Items.Select(item => ((ConfigObject)item).Items)];
    }

    /// <summary>A switch.</summary>
    public bool Switch(string name) => config.GetBoolean(At(name));

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int Number(string name, int min, int max) => InRange(name, config.GetInt(At(name)), min, max, value => $"{value}");

    /// <summary>A duration from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public TimeSpan Duration(string name, TimeSpan min, TimeSpan max)
    {
        var value = config.GetTimeSpan(At(name), null, false);
        return value >= min && value <= max
            ? value
            : throw Wrong(name, $"must be between {Show(min)} and {Show(max)}, not {Show(value)}");
    }

    /// <summary>A size in bytes from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public long Size(string name, long min, long max) =>
        InRange(name, config.GetByteSize(At(name)) ?? 0, min, max, value => $"{value} bytes");

    /// <summary>One of <paramref name="choices"/>.</summary>
    public string Choice(string name, params string[] choices)
    {
        var text = Text(name);
        return choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw Wrong(name, $"must be one of {string.Join(", ", choices)}, not '{text}'");
    }

    /// <summary>The error for value <paramref name="name"/>.</summary>
    public ConfigException Wrong(string name, string what) => new(Origin(name), $"{At(name)} {what}");

    private void CheckKeys(ConfigValue item, string name, IReadOnlyCollection<string> keys)
    {
        if (item is not ConfigObject given) throw new ConfigException(item.Origin, $"{At(name)} must have objects in it");
        foreach (var (key, value) in given.Items)
        {
            if (keys.Contains(key) && value.GetString() is { Length: > 0 }) continue;
            var what = keys.Contains(key) ? $"{key} must not be empty" : $"'{key}' is not one of {string.Join(", ", keys)}";
            throw new ConfigException(value.Origin, $"{At(name)}: {what}");
        }

        if (keys.FirstOrDefault(key => given.GetKey(key) is null) is { } missing)
            throw new ConfigException(given.Origin, $"{At(name)}: {missing} is missing");
    }

    private static string Show(TimeSpan value) =>
        value.TotalSeconds >= 1 ? $"{value.TotalSeconds:0.###}s" : $"{value.TotalMicroseconds:0.###}us";

    /// <summary>A path that is relative is relative to the file that says it.</summary>
    public static string Absolute(string text, ConfigOrigin origin)
    {
        var folder = origin.Source is { } file && File.Exists(file)
            ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!
            : Environment.CurrentDirectory;
        return System.IO.Path.GetFullPath(text, folder);
    }

    private T InRange<T>(string name, T value, T min, T max, Func<T, string> show)
        where T : INumber<T> =>
        value >= min && value <= max ? value : throw Wrong(name, $"must be between {show(min)} and {show(max)}, not {show(value)}");

    private string At(string name) => $"{path}.{name}";

    private ConfigOrigin Origin(string name) => config.GetValue(At(name))?.Origin ?? default;
}
