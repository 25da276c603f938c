// Speed of PhotoMl as a ratio to the loop a TorchSharp user writes, measured in one run.
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- train-cnn [--threads 2] [--rounds 31] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- evaluate  [--threads 2] [--rounds 31] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- train-gan [--threads 2] [--rounds 31] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- sample    [--threads 2] [--rounds 31] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- resnet    [--threads 2] [--rounds 31] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- resnet-evaluate [--threads 2] [--rounds 31] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- photos FOLDER [--threads 2] [--rounds 1] [--json]
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- no-class-pictures FOLDER
//   dotnet run -c Release --project tests/PhotoMl.Benchmarks -- arithmetic-check [ROUNDS]
using PhotoMl.Benchmarks;

if (args is ["worker", var workload, var threads])
{
    WorkerProcess.Serve(Workloads.Create(workload, int.Parse(threads)));
    return 0;
}

if (args is ["photos", .. var photoArgs])
{
    return PhotosComparison.Run(photoArgs);
}

if (args is ["no-class-pictures", var folder])
{
    return NoClassPictures.Write(folder);
}

if (args is ["arithmetic-check", .. var checkArgs])
{
    return ArithmeticCheckCost.Run(checkArgs);
}

if (BenchmarkOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine("usage: train-cnn|evaluate|train-gan|sample|resnet|resnet-evaluate [--threads N] [--rounds N] [--json], photos FOLDER [--threads N] [--rounds N] [--json], no-class-pictures FOLDER, or arithmetic-check [ROUNDS]");
    return 1;
}

var comparison = Comparison.Run(options);
comparison.Print(Console.Out);
if (options.Json)
{
    Console.WriteLine(comparison.ToJson());
}

return 0;
