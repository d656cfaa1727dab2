using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Finds and reads rule files.</summary>
internal static class RuleFiles
{
    /// <summary>Thrice what all of SigmaHQ's rules take in one file.</summary>
    private const long LargestFile = 16 << 20;

    /// <summary>
    /// The files that <paramref name="paths"/> stand for, each once whatever ways lead to it: files themselves, and every <c>.yml</c> and
    /// <c>.yaml</c> below folders but hidden ones and those with tests of rules. By paths, and in a stable order below each.
    /// </summary>
    public static List<string> Find(IEnumerable<string> paths, List<SigmaError> errors)
    {
        var walk = new RuleFolder(errors);
        var files = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                if (Directory.Exists(path)) files.AddRange(walk.Below(path).Where(file => !IsTest(file)));
                else if (walk.IsNew(path)) files.Add(path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                errors.Add(new SigmaError(path, 0, 0, SigmaCodes.File, failure.Message));
            }
        }

        return files;
    }

    /// <summary>The files below folders that hold tests of rules, each once; folders that cannot be read are left out.</summary>
    /// <exception cref="IOException">A folder cannot be reached.</exception>
    public static List<string> FindTests(IEnumerable<string> folders)
    {
        var walk = new RuleFolder([]);
        return [.. folders.SelectMany(walk.Below).Where(IsTest)];
    }

    /// <summary>
    /// Whether a file holds the tests of a rule: <c>x.test.yml</c>, and <c>x_test.yml</c> beside <c>x.yml</c>; alone the latter may be a
    /// rule.
    /// </summary>
    public static bool IsTest(string path) => RuleOfTest(path) is { } rule && (rule.Certain || rule.File is not null);

    /// <summary>The rule's file beside a file with a name that tests have; null for another name.</summary>
    /// <returns>The file, null where there is none; and whether the name is one that only tests have.</returns>
    public static (string? File, bool Certain)? RuleOfTest(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (Path.GetExtension(path) is not (".yml" or ".yaml")) return null;
        foreach (var (suffix, certain) in (ReadOnlySpan<(string, bool)>)[(".test", true), ("_test", false)])
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var rule = Path.Combine(Path.GetDirectoryName(path) ?? "", name[..^suffix.Length]);
            string[] files = [rule + ".yml", rule + ".yaml"];
            return (Array.Find(files, System.IO.File.Exists), certain);
        }

        return null;
    }

    /// <summary>
    /// The file's text in UTF-8, without a mark of byte order; null when it cannot be had, which is then among the issues.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="issues">Gets why not.</param>
    /// <param name="refusal">Says why a file must not be used; null asks nobody.</param>
    public static byte[]? Read(string path, IssueList issues, Func<string, string?>? refusal = null)
    {
        if (refusal?.Invoke(path) is { } why)
        {
            issues.Error(default, SigmaCodes.File, why);
            return null;
        }

        try
        {
            if (ReadBytes(path) is not { } bytes)
            {
                issues.Error(default, SigmaCodes.Limit, $"the file is larger than {LargestFile >> 20} MiB");
                return null;
            }

            if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                issues.Error(default, SigmaCodes.File, "the text is UTF-16, not UTF-8");
                return null;
            }

            if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
            if (Utf8.IsValid(bytes)) return bytes;
            issues.Error(FirstInvalid(bytes), SigmaCodes.File, "the text is not UTF-8 here: save the file in UTF-8");
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            issues.Error(default, SigmaCodes.File, failure.Message);
            return null;
        }
    }

    /// <summary>The file's bytes; null when there are more than a file of rules has: a device or a pipe does not say it before.</summary>
    private static byte[]? ReadBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        var length = file.CanSeek ? file.Length : 0;
        if (length > LargestFile) return null;
        var bytes = new byte[length > 0 ? length + 1 : 4096];
        var read = 0;
        for (int more; (more = file.Read(bytes.AsSpan(read))) > 0;)
        {
            read += more;
            if (read > LargestFile) return null;
            if (read == bytes.Length) Array.Resize(ref bytes, 2 * read);
        }

        return bytes[..read];
    }

    /// <summary>The place of the first byte that is no UTF-8.</summary>
    private static Place FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var (line, column) = (1, 1);
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            bytes = bytes[used..];
        }

        return new Place(line, column);
    }
}
