// Speed of PhotoMl as a ratio to the loop a TorchSharp user writes, measured in one run:
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- train-cnn
using PhotoMl.Benchmarks;

var command = args is [var name, ..] ? BenchmarkCommand.All.FirstOrDefault(command => command.Name == name) : null;
switch (args)
{
    case ["worker", var workload, var threads]:
        WorkerProcess.Serve(Workloads.Create(workload, int.Parse(threads)));
        return 0;
    case ["photos", var folder, .. var rest]
        when Directory.Exists(folder) && new BenchmarkOptions(Environment.ProcessorCount, Rounds: 1).Parse(rest) is { } options:
        PhotosComparison.Run(folder, options);
        return 0;
    case ["no-class-pictures", var folder]:
        NoClassPictures.Write(folder);
        return 0;
    case ["profile", var work, .. var rest]
        when ProfileCommand.Names.Contains(work) && new BenchmarkOptions(Threads: 2, Rounds: 1).Parse(rest) is { } options:
        ProfileCommand.Run(work, options.Threads);
        return 0;
    case ["arithmetic-check", .. var rest]:
        return ArithmeticCheckCost.Run(rest);
    case [_, .. var rest] when command is not null && new BenchmarkOptions(Threads: 2, Rounds: 31).Parse(rest) is { } options:
        Comparison.Run(command, options).Print(Console.Out);
        return 0;
    default:
        Console.Error.WriteLine(
            $"usage: {string.Join('|', BenchmarkCommand.All.Select(known => known.Name))} [--threads N] [--rounds N] [--json], "
            + "photos FOLDER [--threads N] [--rounds N] [--json], profile train-cnn|train-gan|resnet|predict|resnet-predict [--threads N], "
            + "no-class-pictures FOLDER, or arithmetic-check [ROUNDS]");
        return 1;
}
