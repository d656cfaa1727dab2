using System.Diagnostics;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Node.RuleTests;

/// <summary>
/// Finds rules and the tests beside them, and runs these: <c>x.test.yml</c> and <c>x_test.yml</c> are the tests of <c>x.yml</c>.
/// </summary>
internal sealed class RuleTestSuite
{
    private static readonly string[] Endings = [".test.yml", ".test.yaml", "_test.yml", "_test.yaml"];

    private readonly SigmaLoadOptions _options;
    private readonly List<RuleFileTests> _files = [];
    private readonly List<SigmaError> _errors = [];

    private RuleTestSuite(SigmaLoadOptions options) => _options = options;

    /// <summary>The files of rules that have tests.</summary>
    public IReadOnlyList<RuleFileTests> Files => _files;

    /// <summary>What is wrong with rules that have tests, and with tests.</summary>
    public IReadOnlyList<SigmaError> Errors => _errors;

    /// <summary>Files of rules that no test stands beside.</summary>
    public int Untested { get; private set; }

    /// <summary>Cases that are as expected.</summary>
    public int Passed => _files.Sum(file => file.Results.Count(result => result.Passed));

    /// <summary>Cases that are not.</summary>
    public int Failed => _files.Sum(file => file.Results.Count(result => !result.Passed));

    /// <summary>Runs the tests of files and folders.</summary>
    /// <param name="paths">The files and folders.</param>
    /// <param name="options">How rules are read; null for the defaults.</param>
    public static RuleTestSuite Run(IEnumerable<string> paths, SigmaLoadOptions? options = null)
    {
        var suite = new RuleTestSuite(options ?? new SigmaLoadOptions());
        foreach (var path in paths) suite.Add(path);
        return suite;
    }

    private void Add(string path)
    {
        if (!Directory.Exists(path))
        {
            if (RuleFiles.IsTest(path)) AddTest(path);
            else AddRule(path);
            return;
        }

        foreach (var file in RuleFiles.Find(path, _errors)) AddRule(file);
        foreach (var file in RuleFiles.FindTests(path))
        {
            if (RuleFiles.RuleOfTest(file)!.Value.File is null) AddTest(file);
        }
    }

    private void AddTest(string file)
    {
        if (RuleFiles.RuleOfTest(file)!.Value.File is { } rule) RunTests(rule, [file]);
        else _errors.Add(new SigmaError(file, 0, 0, SigmaCodes.File, "there is no rule's file of that name beside this test"));
    }

    private void AddRule(string file)
    {
        var stem = Path.Combine(Path.GetDirectoryName(file) ?? "", Path.GetFileNameWithoutExtension(file));
        var tests = Array.FindAll(Array.ConvertAll(Endings, ending => stem + ending), File.Exists);
        if (tests.Length == 0) Untested++;
        else RunTests(file, tests);
    }

    private void RunTests(string ruleFile, string[] tests)
    {
        var clock = Stopwatch.StartNew();
        var rules = SigmaRuleSet.Load([ruleFile], _options);
        _errors.AddRange(rules.Errors);
        var runner = new RuleTestRunner(rules);
        var results = new List<RuleTestResult>();
        foreach (var test in tests)
        {
            var issues = new IssueList(test);
            results.AddRange(RuleTestFile.Read(test, issues).Select(runner.Run));
            _errors.AddRange(issues.Errors);
        }

        _files.Add(new RuleFileTests(ruleFile, results, clock.Elapsed));
    }
}
