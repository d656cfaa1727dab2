using System.Text;
using System.Text.Unicode;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Finds and reads rule files.</summary>
internal static class RuleFiles
{
    private const long LargestFile = 4 << 20;
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>
    /// The files that <paramref name="path"/> stands for: itself, or every <c>.yml</c> and <c>.yaml</c> below it but those with tests of
    /// rules, in a stable order.
    /// </summary>
    public static IReadOnlyList<string> Find(string path, List<SigmaError> errors)
    {
        try
        {
            if (!Directory.Exists(path)) return [path];
            var files = new List<string>();
            foreach (var file in RuleFolder.Files(path, errors))
            {
                if (!IsTest(file)) files.Add(file);
            }

            return files;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SigmaError(path, 0, 0, SigmaCodes.File, failure.Message));
            return [];
        }
    }

    /// <summary>The files below a folder that hold tests of rules, in a stable order; folders that cannot be read are left out.</summary>
    public static List<string> FindTests(string folder) => RuleFolder.Files(folder, []).FindAll(IsTest);

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
            if (new FileInfo(path).Length > LargestFile)
            {
                issues.Error(default, SigmaCodes.Limit, $"the file is larger than {LargestFile >> 20} MiB");
                return null;
            }

            var bytes = File.ReadAllBytes(path);
            if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                issues.Error(default, SigmaCodes.File, "the text is UTF-16, not UTF-8");
                return null;
            }

            if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
            if (!Utf8.IsValid(bytes)) Strict.GetCharCount(bytes);
            return bytes;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            issues.Error(default, SigmaCodes.File, failure.Message);
            return null;
        }
        catch (DecoderFallbackException failure)
        {
            issues.Error(default, SigmaCodes.File, $"not UTF-8 at byte {failure.Index}");
            return null;
        }
    }
}
