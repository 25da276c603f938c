using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-gan</c> does.</summary>
internal sealed class TrainGanAction(TrainGanCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var device = DeviceName.Resolve(command.Device.Read(arguments));
        return command.Resume.Read(arguments) is { } folder ? Resume(folder, device, arguments) : Start(device, arguments);
    }

    private int Start(string device, ParseResult arguments)
    {
        var options = command.ReadTraining(arguments);
        var classifierPath = command.Classifier.Read(arguments) is { } path ? Path.GetFullPath(ModelSource.PathOf(path)) : null;
        command.CheckOutput(arguments, host.DataOptions(), classifierPath);
        var threads = TorchSession.Start(command.Threads.Read(arguments));
        using var data = LoadData(command.Data.Read(arguments) ?? DatasetLoader.Auto, command.Limit.Read(arguments), options.Seed, arguments);
        var network = ChooseNetwork(data, arguments);
        data.ConvertTo(network.Channels, network.Height, network.Width);
        data.CheckGeneratorTrainable(network, options);

        using var classifier = LoadClassifier(classifierPath, data);
        using var run = RunFolder.Create(command.Output.Read(arguments) ?? RunPath.Next(TrainGanCommand.CommandName, data.Id));
        var (generator, discriminator) = GanTrainer.CreateNetworks(network, options.Seed);
        using (generator)
        using (discriminator)
        using (var trainer = new GanTrainer(generator, discriminator, options, classifier?.Model))
        {
            run.WriteOptions(new TrainGanSettings
            {
                Command = TrainGanCommand.CommandName,
                Data = data.LastingId,
                Limit = command.Limit.Read(arguments),
                Network = network,
                Classifier = classifierPath,
                Training = options,
                Precision = generator.Precision,
                Threads = threads,
                Device = device,
            });
            return Train(trainer, data, run, device, arguments);
        }
    }

    private int Resume(string folder, string device, ParseResult arguments)
    {
        using var run = RunFolder.Open(folder);
        var settings = TrainGanSettings.Read(run.OptionsPath);
        OutputCheck.Apart(command.Resume, folder, DataSource.InputsOf(settings.Data, host.DataOptions()));
        var checkpoint = GanCheckpointInfo.Read(run);
        TorchSession.Start(checkpoint.Threads);
        using var data = LoadData(settings.Data, settings.Limit, checkpoint.Options.Seed, arguments);
        data.ConvertTo(checkpoint.Network.Channels, checkpoint.Network.Height, checkpoint.Network.Width);
        if (data.Train.Fingerprint(host.CancellationToken) != checkpoint.DataFingerprint)
        {
            throw new InputException(data.Id, "the images that the run began with", "other images");
        }

        using var classifier = LoadClassifier(settings.Classifier, data);
        if (checkpoint.ClassifierHash is { } hash && (classifier is null || ModelHash.Of(classifier.Model) != hash))
        {
            throw new InputException(settings.Classifier ?? run.OptionsPath, "the classifier that the run began with", classifier is null ? "none" : "another one");
        }

        using var trainer = GanTrainer.Resume(run, classifier?.Model, out var generator, out var discriminator);
        using (generator)
        using (discriminator)
        {
            if (trainer.IsFinished)
            {
                host.Error.WriteLine("This run is finished already; there is nothing left to do.");
            }

            return Train(trainer, data, run, device, arguments);
        }
    }

    private int Train(GanTrainer trainer, TrainingData data, RunFolder run, string device, ParseResult arguments)
    {
        host.Stop.Text = () => command.DescribeStop(run);
        var view = new TrainingProgressView<GanProgress>(new GanProgressText(), host, arguments.GetValue(command.Quiet));
        var result = view.Show(progress => trainer.Fit(data.Train, run, progress, host.CancellationToken));
        new TrainGanSummary(run, data, result, device).Write(host.Out, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }

    private DcganOptions ChooseNetwork(TrainingData data, ParseResult arguments)
    {
        var (height, width) = command.ImageSize.Read(arguments) is { } size ? (size, size) : (data.Train.Height, data.Train.Width);
        if (Math.Min(height, width) < DcganOptions.SmallestImage || Math.Max(height, width) > DcganOptions.LargestImage)
        {
            throw new InputException(
                data.Id,
                $"images of {DcganOptions.SmallestImage} to {DcganOptions.LargestImage} pixels, or --image-size to bring them to such a size",
                $"{height}x{width}");
        }

        var isConditional = arguments.GetValue(command.Conditional);
        var (classes, latent) = (data.Train.ClassNames.Count, command.Latent.Read(arguments));
        var isGuided = !isConditional && !arguments.GetValue(command.NoLabels) && classes > 1;
        if (isGuided && classes > latent)
        {
            host.Error.WriteLine($"The discriminator is not told the {classes:N0} classes, which takes as many random numbers (--latent {classes}).");
            isGuided = false;
        }

        return new DcganOptions
        {
            Channels = command.Channels.Read(arguments) ?? data.Train.Channels,
            Height = height,
            Width = width,
            Latent = latent,
            Classes = isConditional ? classes : 0,
            ProjectionClasses = isGuided ? classes : 0,
        };
    }

    private static LoadedClassifier? LoadClassifier(string? path, TrainingData data)
    {
        if (path is null)
        {
            return null;
        }

        var classifier = ModelSource.Load(path, Precision.Float32);
        if (data.FindMisfit(classifier) is { } misfit)
        {
            classifier.Dispose();
            throw new InputException(path, $"a classifier of {data.Id}", misfit);
        }

        return classifier;
    }

    private TrainingData LoadData(string name, int? limit, long seed, ParseResult arguments) =>
        new(DataSource.Load(name, DatasetSplits.Both, host, arguments.GetValue(command.Quiet)), limit, seed);
}
