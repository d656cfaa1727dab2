using System.Buffers.Text;
using System.Text;

namespace Picket.Detection.Context;

/// <summary>
/// Account names by user id, from a passwd(5) file. Read again when the file changes, asked at most once a second; an id
/// that the file does not name answers its digits, as tools do.
/// </summary>
internal sealed class AccountNames
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly TimeProvider _time;
    private Dictionary<uint, byte[]> _names = [];
    private Dictionary<uint, byte[]> _digits = [];
    private DateTime _stamp;
    private long _checked;

    public AccountNames(string file, TimeProvider time)
    {
        _file = file;
        _time = time;
        Load();
    }

    /// <summary>The name of <paramref name="uid"/>, or its digits.</summary>
    public byte[] NameOf(uint uid)
    {
        if (_time.GetElapsedTime(_checked) > Freshness) Load();
        if (_names.TryGetValue(uid, out var name) || _digits.TryGetValue(uid, out name)) return name;
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(uid, digits, out var length);
        name = digits[..length].ToArray();

        // Containers map ids by the thousand; the memory for their digits is bounded.
        if (_digits.Count >= 4096) _digits = [];
        return _digits[uid] = name;
    }

    private void Load()
    {
        _checked = _time.GetTimestamp();
        try
        {
            var stamp = File.GetLastWriteTimeUtc(_file);
            if (stamp == _stamp) return;
            var names = new Dictionary<uint, byte[]>();
            foreach (var line in File.ReadLines(_file))
            {
                var parts = line.Split(':');
                if (parts.Length >= 3 && uint.TryParse(parts[2], out var uid)) names.TryAdd(uid, Encoding.UTF8.GetBytes(parts[0]));
            }

            _names = names;
            _stamp = stamp;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was known stays; numbers stand in for what was not.
        }
    }
}
