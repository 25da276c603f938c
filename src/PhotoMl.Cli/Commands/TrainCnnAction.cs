using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Kernels;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> does.</summary>
internal sealed class TrainCnnAction(TrainCnnCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var device = DeviceName.Resolve(command.Device.Read(arguments));
        return command.Resume.Read(arguments) is { } folder ? Resume(folder, device, arguments) : Start(device, arguments);
    }

    private int Start(string device, ParseResult arguments)
    {
        var options = command.ReadTraining(arguments);
        var weights = command.Weights.Read(arguments) is { } file ? Path.GetFullPath(ModelSource.PathOf(file)) : null;
        command.CheckOutput(arguments, host.DataOptions(), weights);
        var threads = TorchSession.Start(command.Threads.Read(arguments));
        using var data = LoadData(
            command.Data.Read(arguments) ?? DatasetLoader.Auto, command.Limit.Read(arguments), options.Seed, command.ImageSize.Read(arguments), arguments);
        var network = command.Network.Read(arguments) ?? data.DefaultArchitecture;
        data.CheckTrainable(options.ValidationShare, network);
        CheckStage(options.Freeze, network);
        if (data.IsPhotos && network == ClassifierArchitecture.Resnet18)
        {
            options = command.ReadTraining(arguments, ClassifierTrainingOptions.ForPhotos);
        }

        options = command.ResolveAugmentation(arguments, options, data.Train, network);
        var groups = SurveyPhotos(data, arguments);
        if (command.Folds.Read(arguments) is { } folds)
        {
            return new TrainCnnFolds(command, host).Run(arguments, data, folds, network, options, groups);
        }

        var split = SetValidationAside(data, groups, options, arguments);

        using var model = ImageClassifier.Create(ClassifierOptions.For(data.Train, network), options.Seed);
        AugmentationChoice.CheckFits(model, options);
        LoadWeights(weights, model, data);
        using var run = RunFolder.Create(command.Output.Read(arguments) ?? RunPath.Next(TrainCnnCommand.CommandName, data.Id));
        using var trainer = new ClassifierTrainer(model, options);
        run.WriteOptions(new TrainCnnSettings
        {
            Command = TrainCnnCommand.CommandName,
            Data = data.LastingId,
            Limit = command.Limit.Read(arguments),
            ImageSize = data.Train.Height == data.Train.Width ? data.Train.Height : null, // what a default was, whatever it may become
            Network = network,
            Weights = weights,
            Split = split,
            Training = options,
            Precision = model.Precision,
            Threads = threads,
            Device = device,
        });
        if (data.HasSetAside)
        {
            run.WriteSplit(data.Train.Paths!, data.Validation!.Paths!);
        }

        return Train(trainer, model, data, run, device, arguments);
    }

    // A collection of photos is looked through before anything is trained on it: what leaks or is mislabelled must be known first.
    private Dictionary<string, int>? SurveyPhotos(TrainingData data, ParseResult arguments)
    {
        if (!data.IsPhotos)
        {
            return command.Split.IsGiven(arguments) ? throw new UsageException($"{command.Split.Name}: expected photos, but {data.Id} has none") : null;
        }

        if (data.Validation is not null && command.Split.IsGiven(arguments) && !command.Folds.IsGiven(arguments))
        {
            throw new UsageException($"{command.Split.Name}: expected photos without a validation split, but {data.Id} has one");
        }

        var report = PhotoSurvey.Run(PhotoList.Open(data.Id), host, arguments.GetValue(command.Quiet));
        foreach (var warning in report.Warnings)
        {
            host.Error.WriteLine(Text.Printable(warning));
        }

        return command.Split.Read(arguments) == SplitKind.Random
            ? null
            : report.Photos.Index().ToDictionary(photo => photo.Item.Photo.Path, photo => report.GroupOf[photo.Index], StringComparer.Ordinal);
    }

    private SplitKind? SetValidationAside(TrainingData data, Dictionary<string, int>? groups, ClassifierTrainingOptions options, ParseResult arguments)
    {
        if (!data.IsPhotos || data.Validation is not null)
        {
            return null;
        }

        data.SetAside(options.ValidationShare, options.Seed, groups);
        if (!arguments.GetValue(command.Quiet))
        {
            var how = groups is null ? "drawn photo by photo" : "near duplicates and bursts on one side";
            host.Error.WriteLine($"{Text.Count(data.Validation!.Count, "photo")} set aside to choose the best epoch by, {how} (split.csv).");
        }

        return groups is null ? SplitKind.Random : SplitKind.Grouped;
    }

    private static void CheckStage(string? stage, ClassifierArchitecture network)
    {
        var stages = ImageClassifier.StagesOf(network);
        if (stage is not null && !stages.Contains(stage))
        {
            throw new UsageException($"--freeze: expected a stage of {Values.Word(network)}, {string.Join(", ", stages)}, but got '{stage}'");
        }
    }

    private void LoadWeights(string? path, ImageClassifier model, TrainingData data)
    {
        foreach (var notice in path is null ? [] : PretrainedWeights.Load(path, model, data.Train.ClassNames))
        {
            host.Error.WriteLine(Text.Printable(notice));
        }
    }

    private int Resume(string folder, string device, ParseResult arguments)
    {
        using var run = RunFolder.Open(folder);
        var settings = TrainCnnSettings.Read(run.OptionsPath);
        OutputCheck.Apart(command.Resume, folder, DataSource.InputsOf(settings.Data, host.DataOptions()));
        var checkpoint = ClassifierCheckpointInfo.Read(run);
        TorchSession.Start(checkpoint.Threads);
        using var data = LoadData(settings.Data, settings.Limit, checkpoint.Options.Seed, settings.ImageSize, arguments);
        if (run.ReadValidationPaths() is { } aside)
        {
            data.SetAside(aside);
        }

        if (data.Train.Fingerprint(host.CancellationToken) != checkpoint.DataFingerprint || data.Validation?.Fingerprint(host.CancellationToken) != checkpoint.ValidationFingerprint)
        {
            throw new InputException(data.Id, "the images that the run began with", "other images");
        }

        using var trainer = ClassifierTrainer.Resume(run, out var model);
        using (model)
        {
            if (trainer.IsFinished)
            {
                host.Error.WriteLine("This run is finished already; it is only judged again.");
            }

            return Train(trainer, model, data, run, device, arguments);
        }
    }

    private int Train(ClassifierTrainer trainer, ImageClassifier model, TrainingData data, RunFolder run, string device, ParseResult arguments)
    {
        host.Stop.Text = () => command.DescribeStop(run);
        run.WriteSkipped(data.Skipped);
        var text = new ClassifierProgressText(isMixed: trainer.Options is { Mixup: > 0 } or { CutMix: > 0 });
        var view = new TrainingProgressView<ClassifierProgress>(text, host, arguments.GetValue(command.Quiet));
        var result = view.Show(progress => trainer.Fit(data.Train, run, progress, data.Validation, host.CancellationToken));
        var judged = data.HasTest ? ClassifierEvaluator.Evaluate(new LoadedClassifier(model, result.Info), data.Test, coverage: null, cancellationToken: host.CancellationToken) : null;
        if (judged?.Report is { } report)
        {
            ClassifierFile.SaveScores(
                run.ModelPath,
                result.Info.Scores with { TestAccuracy = report.Accuracy, TestBalancedAccuracy = report.BalancedAccuracy, TestLoss = report.Loss, TestImages = report.Images });
        }

        var summary = new TrainCnnSummary(run, data, result, judged, device, arguments.GetValue(command.PerClass));
        summary.Write(host.Out, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }

    private TrainingData LoadData(string name, int? limit, long seed, int? imageSize, ParseResult arguments)
    {
        var cacheLimit = CommonOptions.ToBytes(command.CacheLimit.Read(arguments));
        var loaded = DataSource.Load(
            name, DatasetSplits.Both, host, arguments.GetValue(command.Quiet), options => options with { ImageSize = imageSize, CacheLimit = cacheLimit });
        return new TrainingData(loaded, limit, seed);
    }
}
