"""Work in several processes: the same results as in one, with Django ready in each."""

import os

import pytest
from django.contrib.auth import get_user_model

from pixlpix.demo.processes import run


def test_one_process_is_this_one():
    assert list(run(os.getpid, [(), ()], 1)) == [os.getpid()] * 2


def test_results_come_in_the_order_of_the_jobs():
    assert list(run(divmod, [(7, 2), (9, 4)], 1)) == [(3, 1), (2, 1)]


def test_other_processes_know_the_models():
    assert list(run(get_user_model, [(), ()], 2)) == [get_user_model()] * 2


def test_failure_of_a_job_in_another_process_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        list(run(divmod, [(1, 0), (1, 1)], 2))
