using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
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
        var threads = TorchSession.Start(command.Threads.Read(arguments));
        using var data = LoadData(
            command.Data.Read(arguments) ?? DatasetLoader.Auto, command.Limit.Read(arguments), options.Seed, arguments);
        data.CheckTrainable(options.ValidationShare);
        options = command.ResolveAugmentation(arguments, options, data.Train);
        using var model = ImageClassifier.Create(ClassifierOptions.For(data.Train), options.Seed);
        AugmentationChoice.CheckFits(model, options);

        using var run = RunFolder.Create(command.Output.Read(arguments) ?? RunPath.Next(TrainCnnCommand.CommandName, data.Id));
        using var trainer = new ClassifierTrainer(model, options);
        run.WriteOptions(new TrainCnnSettings
        {
            Command = TrainCnnCommand.CommandName,
            Data = data.LastingId,
            Limit = command.Limit.Read(arguments),
            Training = options,
            Precision = model.Precision,
            Threads = threads,
            Device = device,
        });
        return Train(trainer, model, data, run, device, arguments);
    }

    private int Resume(string folder, string device, ParseResult arguments)
    {
        using var run = RunFolder.Open(folder);
        var settings = TrainCnnSettings.Read(run.OptionsPath);
        var checkpoint = ClassifierCheckpointInfo.Read(run);
        TorchSession.Start(checkpoint.Threads);
        using var data = LoadData(settings.Data, settings.Limit, checkpoint.Options.Seed, arguments);
        if (data.Train.Fingerprint() != checkpoint.DataFingerprint)
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
        try
        {
            var view = new TrainingProgressView<ClassifierProgress>(new ClassifierProgressText(isMixed: trainer.Options is { Mixup: > 0 } or { CutMix: > 0 }), host, arguments.GetValue(command.Quiet));
            var result = view.Show(progress => trainer.Fit(data.Train, run, progress, host.CancellationToken));
            var report = ClassifierEvaluator.Evaluate(model, data.Test, cancellationToken: host.CancellationToken);
            ClassifierFile.SaveScores(
                run.ModelPath,
                result.Info.Scores with { TestAccuracy = report.Accuracy, TestBalancedAccuracy = report.BalancedAccuracy, TestLoss = report.Loss, TestImages = report.Images });

            var summary = new TrainCnnSummary(run, data, result, report, device, arguments.GetValue(command.PerClass));
            summary.Write(host.Out, arguments.GetValue(command.Json));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            host.Error.WriteLine($"Stopped. Go on with: {Cli.Name} {TrainCnnCommand.CommandName} --resume {ShellWord.Quote(run.Path)}");
            return ExitCode.Cancelled;
        }
    }

    private TrainingData LoadData(string name, int? limit, long seed, ParseResult arguments) =>
        new(DataSource.Load(name, DatasetSplits.Both, host, arguments.GetValue(command.Quiet)), limit, seed);
}
