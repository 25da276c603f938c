using PhotoMl.Cli.Commands;
using PhotoMl.Cli.Output;
using TorchSharp;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class TuneTests(TrainedModel trained) : FolderTests
{
    // All is fixed but label smoothing and mixup, of which there are 16 combinations.
    internal const string Fixed = "--epochs 3 --batch-size 40 --learning-rate 0.002 --weight-decay 0.01 --cutmix 0 --ema-decay 0.9 "
        + "--augment-strength 0 --threads 1 --budget 1h";

    private string[] Command => ["tune", "--data", trained.Set, .. Fixed.Split(' ')];

    [Fact]
    public void The_answer_and_the_best_trials_are_told_and_the_command_trains_the_winner_again()
    {
        var result = Tool.Succeed([.. Command, "--output", Folder.File("tuning")]);
        Assert.Matches(@"(?m)^Rank  Trial  Epochs  Validation  Balanced    Loss  Changed from the default$", result.Out);
        Assert.Matches(@"(?m)^Winner      trial \d+, trained again with seed 2$", result.Out);
        Assert.Matches(@"(Better than|No better than) the default", result.Out);
        Assert.Matches(@"(?m)^trial   1    1 epoch  validation [\d.]+ %  loss [\d.]+$", result.Error);
        Assert.Contains("Tuning: label-smoothing, mixup", result.ErrorLines);
        var paths = new[] { "Model ", "Leaderboard ", "  photoml " };
        var lines = result.OutLines.Where(line => !paths.Any(path => line.StartsWith(path, StringComparison.Ordinal))
            && !line.StartsWith("Page ", StringComparison.Ordinal));
        Assert.All(lines.Concat(result.ErrorLines), line => Assert.InRange(line.Length, 0, 100));

        var command = Assert.Single(result.OutLines, line => line.StartsWith("  photoml train-cnn ", StringComparison.Ordinal));
        var run = Folder.File("again");
        Tool.Succeed([.. command.Trim().Split(' ')[1..], "--output", run]);
        Tool.Succeed("compare", Folder.File("tuning"), run, "--quiet"); // a tuning is its winner
        Assert.Equal(ModelBytes.HashOfTensors(Folder.File("tuning/winner")), ModelBytes.HashOfTensors(run));
    }

    [Fact]
    public void A_tuning_that_was_killed_goes_on_with_the_rungs_that_were_finished()
    {
        using (var process = ToolProcess.Start([.. Command, "--output", Folder.File("tuning")]))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("trial   2 ", StringComparison.Ordinal))
            {
            }

            process.Kill();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        var before = File.ReadAllLines(Folder.File("tuning/leaderboard.csv"));
        Refusal.OfUsage("--budget: expected it not to be given with --resume", "tune", "--resume", Folder.File("tuning"), "--budget", "1m");
        var json = Tool.Succeed("tune", "--resume", Folder.File("tuning"), "--json", "--quiet").Json;
        var trials = json.GetProperty("trials").EnumerateArray().ToDictionary(trial => trial.Int("trial"));
        foreach (var fields in before.Skip(1).Select(line => line.Split(',')))
        {
            var rungs = trials[int.Parse(fields[1], CultureInfo.InvariantCulture)].GetProperty("rungs").EnumerateArray();
            var same = rungs.Single(rung => $"{rung.Int("epochs")}" == fields[2]);
            Assert.Equal(double.Parse(fields[5], CultureInfo.InvariantCulture), same.GetProperty("validation_loss").GetDouble());

            // It was not trained again, which would take another time.
            Assert.Equal(fields[6], same.GetProperty("seconds").GetDouble().ToString("F4", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Stopped_it_says_how_to_resume_and_other_folders_are_no_tuning()
    {
        var stopped = Tool.RunUntil("trial   1 ", [.. Command, "--output", Folder.File("tuning")]);
        Assert.Equal($"Stopped. To resume: photoml tune --resume {Folder.File("tuning")}", stopped.ErrorLines[^1]);

        Refusal.OfInput("expected a run folder with trials.json, but found that of a run", $"tune --resume {trained.Run}");
        Refusal.OfInput(
            "expected a run folder with checkpoint.safetensors, but found that of a tuning", $"train-cnn --resume {Folder.File("tuning")}");
        Refusal.OfInput("it holds a run already", [.. Command, "--output", Folder.File("tuning")]);
    }

    [Theory]
    [InlineData("20")]
    [InlineData("0s")]
    [InlineData("")]
    [InlineData("20 m")]
    [InlineData("1m1h")]
    public void A_budget_is_a_time(string budget) =>
        Refusal.OfUsage("--budget: expected ", ["tune", "--data", trained.Set, "--budget", budget]);

    [Fact]
    public void A_command_that_leaves_nothing_open_is_refused()
    {
        string[] all = [.. Command, "--output", Folder.File("tuning"), "--mixup", "0", "--label-smoothing", "0"];
        Refusal.OfUsage("--budget: expected options that are not given", all);
        Assert.False(Directory.Exists(Folder.File("tuning")));
    }

    [Fact]
    public void The_command_of_any_trial_gives_its_options()
    {
        using var images = new ImageDataset(
            "photos", torch.zeros([2, 3, 64, 64], torch.ScalarType.Byte), torch.tensor(new[] { 0L, 1 }), ["a", "b"]);
        var bases = Enum.GetValues<ClassifierArchitecture>()
            .ToDictionary(network => network, network => Complete(network, Defaults(network)));
        var space = new SearchSpace(ClassifierArchitecture.ResNet18, bases, [.. SearchSpace.Names]);
        var trials = new List<TuningTrial>();
        for (var i = 0; i < 100; i++)
        {
            trials.Add(space.Draw(trials, _ => true)!);
            AssertGiven(trials[^1].Network, trials[^1].Training with { Seed = 7 });
        }

        var fixedRate = Defaults(ClassifierArchitecture.Convnet) with { Epochs = 3, LearningRate = 0.003 };
        AssertGiven(ClassifierArchitecture.Convnet, fixedRate);
        AssertGiven(ClassifierArchitecture.Convnet, fixedRate with { Augmentation = AugmentationOptions.None, PhotoAugmentation = null });
        AssertGiven(ClassifierArchitecture.Convnet, fixedRate with { PhotoAugmentation = null });

        void AssertGiven(ClassifierArchitecture network, ClassifierTrainingOptions expected)
        {
            var run = new ClassifierRunOptions { Network = network, Training = _ => expected };
            var line = new TuneCommand().CommandOf("photos", run, Defaults(network));
            var command = new TrainCnnCommand();
            var host = new CliHost { Out = TextWriter.Null, Error = TextWriter.Null };
            using var progress = new TaskProgress(host, quiet: true);
            var read = command.ReadRun(command.Parse(line.Split(' ')[2..]), host, progress);
            Assert.Equal(network, read.Network);
            Assert.Equal(expected, Complete(network, read.Training(Defaults(network))));
        }

        ClassifierTrainingOptions Defaults(ClassifierArchitecture network) =>
            ClassifierTrainingOptions.For(images, isPhotos: true, network);

        ClassifierTrainingOptions Complete(ClassifierArchitecture network, ClassifierTrainingOptions options) =>
            options.ForEpochs().ForNetwork(network, images);
    }

    // The library's names of what is tuned are the tool's options.
    [Fact]
    public void Every_setting_is_an_option_of_train_cnn()
    {
        var help = Tool.Succeed("train-cnn", "--help").Out;
        Assert.All(SearchSpace.Names, name => Assert.Contains($"--{name} ", help, StringComparison.Ordinal));
    }
}
