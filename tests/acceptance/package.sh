#!/usr/bin/env bash
# Packs the library and the tool and uses both as a stranger would: a new program outside the solution, restored from the packages with warnings as errors, trains and predicts without a
# word about native libraries; the tool is installed, asked for its version, and trains. Nothing is left behind. Takes about 3 minutes and 2 GB of disk.
#   tests/acceptance/package.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
version=0.1.0-test.$(date +%s) # never one that is in a cache already
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
trap 'rm -rf "$work" "$packages/photoml/$version" "$packages"/photoml.tool*/"$version"' EXIT

dotnet pack src/PhotoMl -c Release --nologo -v q -p:Version="$version" -o "$work/packages"
dotnet pack src/PhotoMl.Cli -c Release --nologo -v q -p:Version="$version" -o "$work/packages"
if unzip -p "$work/packages/PhotoMl.$version.nupkg" lib/net10.0/PhotoMl.dll | grep -q "$PWD"; then
    echo "the library names the folder it was built in" && exit 1
fi

torch=$(sed -n 's/.*"TorchSharp-cpu" Version="\([^"]*\)".*/\1/p' Directory.Build.props)
mkdir "$work/consumer"
cd "$work/consumer"
cat > consumer.csproj << PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <NoWarn>NU1900</NoWarn>
    <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
    <SelfContained>false</SelfContained>
    <RestoreAdditionalProjectSources>$work/packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="PhotoMl" Version="$version" />
    <PackageReference Include="TorchSharp-cpu" Version="$torch" />
  </ItemGroup>
</Project>
PROJECT
cat > Program.cs << 'PROGRAM'
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;
using static TorchSharp.torch;

using (var x = ones(2)) // torch is touched before anything of PhotoMl
{
    Console.WriteLine($"torch adds to {x.sum().item<float>()}");
}

using var data = DatasetLoader.Load("digits");
using var some = data.Train.Select([.. Enumerable.Range(0, 2000).Select(i => (long)i)]);
using var model = new ConvClassifier();
using var trainer = new ClassifierTrainer(model, new ClassifierTrainingOptions { Epochs = 3 });
trainer.Fit(some);
var report = ClassifierEvaluator.Evaluate(model, data.Test);
Console.WriteLine($"{report.Accuracy:P1} of {report.Images:N0} images right");
return report.Accuracy > 0.3 ? 0 : 1;
PROGRAM
dotnet run -c Release

cd "$work"
dotnet tool install --tool-path "$work/tool" --add-source "$work/packages" PhotoMl.Tool --version "$version"
[ "$(env -i PATH="$PATH" HOME="$work" "$work/tool/photoml" --version)" = "0.1.0" ]
env -i PATH="$PATH" HOME="$work" "$work/tool/photoml" train-cnn --data digits --limit 2000 --epochs 1 --output "$work/run"
echo "the library and the tool work from their packages"
