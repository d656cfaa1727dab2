using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma;

/// <summary>Rules as they were found, and what was wrong with those that cannot be used.</summary>
/// <param name="Rules">The sound rules, in the order of files and documents.</param>
/// <param name="Errors">Why other rules or files were left out.</param>
/// <param name="Warnings">What authors would want to know; documents that are recognised but not supported are among them.</param>
public sealed record SigmaRuleSet(
    IReadOnlyList<SigmaRule> Rules, IReadOnlyList<SigmaError> Errors, IReadOnlyList<SigmaWarning> Warnings)
{
    /// <summary>Reads files, and all <c>.yml</c> and <c>.yaml</c> files below folders.</summary>
    public static SigmaRuleSet Load(IEnumerable<string> paths, SigmaLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new SigmaLoadOptions();
        var loader = new Loader(options);
        foreach (var path in paths)
        {
            foreach (var file in RuleFiles.Find(path, loader.Errors))
            {
                var issues = new IssueList(file);
                if (RuleFiles.Read(file, issues, options.Refusal) is { } text) loader.Add(text, issues);
                else loader.Take(issues);
            }
        }

        return loader.Finish();
    }

    /// <summary>Reads the rules of one text.</summary>
    /// <param name="text">YAML, one or more documents.</param>
    /// <param name="file">The name that errors and alerts give.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    public static SigmaRuleSet Parse(string text, string file, SigmaLoadOptions? options = null)
    {
        var loader = new Loader(options ?? new SigmaLoadOptions());
        loader.Add(text, new IssueList(file));
        return loader.Finish();
    }

    private sealed class Loader(SigmaLoadOptions options)
    {
        private readonly List<SigmaRule> _rules = [];
        private readonly List<SigmaWarning> _warnings = [];
        private readonly Dictionary<string, SigmaRule> _byId = new(StringComparer.OrdinalIgnoreCase);

        public List<SigmaError> Errors { get; } = [];

        public void Add(string text, IssueList issues)
        {
            foreach (var parsed in RuleParser.Parse(text, options.Placeholders, issues))
            {
                try
                {
                    var ir = RuleCompiler.Compile(parsed.Syntax, options.RegexTimeLimit);
                    var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parsed.Text)));
                    AddRule(new SigmaRule(parsed.Syntax, ir, issues.File, hash), issues);
                }
                catch (RuleException failure)
                {
                    issues.Error(failure.At, failure.Code, failure.Message);
                }
            }

            Take(issues);
        }

        public void Take(IssueList issues)
        {
            Errors.AddRange(issues.Errors);
            _warnings.AddRange(issues.Warnings);
        }

        public SigmaRuleSet Finish() => new(_rules, Errors, _warnings);

        private void AddRule(SigmaRule rule, IssueList issues)
        {
            _rules.Add(rule);
            if (rule.Syntax.Header.Id is not { } id || _byId.TryAdd(id, rule)) return;
            var first = _byId[id];
            issues.Warn(rule.Syntax.Header.At, SigmaCodes.DuplicateId,
                $"the id {id} is also that of '{first.Title}' ({first.File}:{first.Line})");
        }
    }
}
